import { UnsupportedLayerOptionError } from '../../errors/topology-errors.js';
import { malformed, show, type TopologyFields } from '../fields/fields.js';
import type { TopologyOrigin } from '../fields/origin.js';

/** Which option of which layer is looked at. */
export interface OptionPlace {
  readonly layer: string;
  readonly className: string;
  readonly option: string;
  readonly origin: TopologyOrigin;
  /** False if no layer of the network makes a mask. */
  readonly masks?: boolean | undefined;
  /** True for classes that TensorFlow.js has or that were registered. */
  registered(className: string): boolean;
  /** Puts a layer inside a layer into the plain spelling. */
  nested(value: unknown): TopologyFields;
}

/**
 * What to write instead of an option that will do: nothing if leaving it out changes nothing. Throws for one that will
 * not do.
 */
export type LayerOptionRule = (value: unknown, place: OptionPlace) => TopologyFields;

/** Rules by option, in Keras's spelling. */
export type LayerOptionRules = { readonly [option: string]: LayerOptionRule };

/** Refuses a value that is sound, but that TensorFlow.js does not carry out. */
export function unsupported(value: unknown, place: OptionPlace, supported: string): never {
  const { layer, className, option } = place;
  throw new UnsupportedLayerOptionError(layer, className, option, `${option} ${show(value)}; ${supported}`);
}

/** Refuses a value that means nothing. */
export function wrong(value: unknown, { layer, option }: OptionPlace, expected: string): never {
  return malformed(`The ${option} of layer "${layer}" is ${show(value)}, but must be ${expected}.`);
}

/** An option that TensorFlow.js reads; `null` stands for its default. */
export function read(expected: string, accepts: (value: unknown) => boolean): LayerOptionRule {
  return (value, place) => {
    if (value !== null && !accepts(value)) wrong(value, place, expected);
    return { [place.option]: value };
  };
}

/** Largest length of an axis, window, stride or padding that is read. */
const longest = 2 ** 31 - 1;

export const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= longest;
const isInteger = (value: unknown): boolean => Number.isSafeInteger(value) && Math.abs(value as number) <= longest;

export const anything: LayerOptionRule = (value, { option }) => ({ [option]: value });
/** An option that changes neither what the network computes nor how it is trained. */
export const harmless: LayerOptionRule = () => ({});
export const flag: LayerOptionRule = read('true or false', value => typeof value === 'boolean');
export const count: LayerOptionRule = read('a positive integer', isCount);
export const integer: LayerOptionRule = read('an integer', isInteger);
export const integers: LayerOptionRule = read(
  'a list of integers',
  value => Array.isArray(value) && value.every(isInteger),
);
export const number: LayerOptionRule = read('a number', Number.isFinite);
export const rate: LayerOptionRule = read(
  'a number from 0 to 1',
  value => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 1,
);

const words = ['', 'one positive integer', 'one or two positive integers', 'one or three positive integers'];

/** One count, or one for each of so many axes. */
export const counts = (axes: number): LayerOptionRule =>
  read(words[axes] ?? '', value =>
    Array.isArray(value) ? value.length === axes && value.every(isCount) : isCount(value),
  );

/** One of some words; other words have no equal in TensorFlow.js. */
export function oneOf(...values: readonly string[]): LayerOptionRule {
  const list = values.map(value => `"${value}"`).join(', ');
  return (value, place) => {
    if (value === null || (values as readonly unknown[]).includes(value)) return { [place.option]: value };
    return typeof value === 'string'
      ? unsupported(value, place, `supported: ${list}`)
      : wrong(value, place, `one of ${list}`);
  };
}

/** An option that TensorFlow.js does not read, and the values of which it need not. */
export function only(...values: readonly unknown[]): LayerOptionRule {
  return (value, place) =>
    values.some(neutral => JSON.stringify(neutral) === JSON.stringify(value))
      ? {}
      : unsupported(value, place, `supported: ${values.map(show).join(' or ')}`);
}

/** Another name for an option. */
export const renamed =
  (option: string, rule: LayerOptionRule): LayerOptionRule =>
  (value, place) => {
    const { [place.option]: kept } = rule(value, place);
    return kept === undefined ? {} : { [option]: kept };
  };

/** One axis, which some versions of Keras write as a list of one. */
export const axis: LayerOptionRule = (value, place) => {
  const [first, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (others.length > 0) unsupported(value, place, 'supported: one axis');
  return integer(first, place);
};

/** Options that hold a layer, which is looked at in the same way. */
export const layer: LayerOptionRule = (value, place) => ({ [place.option]: place.nested(value) });
export const layers: LayerOptionRule = (value, place) =>
  Array.isArray(value)
    ? { [place.option]: value.map(inner => place.nested(inner)) }
    : wrong(value, place, 'a list of layers');
