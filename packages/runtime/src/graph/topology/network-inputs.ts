import { InvalidOptionError, type TopologyLayer } from '@espalier/core';
import type { GraphInput, Shape } from '../graph.js';
import { show } from '../show.js';
import { malformed } from './fields.js';
import type { Value } from './layer-call.js';

/**
 * Sizes of inputs, without the batch: of the only input, or of several by name. An axis that the model leaves open gets
 * the size that is given; one that it knows must have that size.
 */
export type InputShapes = readonly number[] | Readonly<Record<string, readonly number[]>>;

/** An input of a network, and what the model sees in it. */
export interface NetworkInput extends GraphInput {
  readonly view: Value['view'];
}

/** The inputs of a model. */
export function networkInputs(model: TopologyLayer, given: InputShapes | undefined): readonly NetworkInput[] {
  const ends = endsOf(model);
  const shapes = new Map(ends.map(({ name }) => [name, shapeFor(name, ends, given)]));
  return ends.map(({ name, batchShape }) => inputOf(name, batchShape.slice(1), shapes.get(name)));
}

interface End {
  readonly name: string;
  readonly batchShape: readonly unknown[];
}

function endsOf(model: TopologyLayer): readonly End[] {
  const { network, name } = model;
  if (network?.kind === 'functional') {
    return network.inputs.map(({ call: { layer } }) => ({ name: layer.name, batchShape: batchShapeOf(layer) }));
  }
  const first = network?.layers[0];
  return [{ name: first?.className === 'InputLayer' ? first.name : `${name}_input`, batchShape: batchShapeOf(model) }];
}

/** Shape with the batch, from the input layer or from the first layer, be it in a network inside. */
function batchShapeOf({ network, config }: TopologyLayer): readonly unknown[] {
  const first = network?.kind === 'functional' ? network.inputs[0]?.call.layer : network?.layers[0];
  if (first) return batchShapeOf(first);
  return Array.isArray(config.batch_input_shape) ? (config.batch_input_shape as unknown[]) : [];
}

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(size => Number.isSafeInteger(size) && (size as number) >= 1);

/** The sizes that were given for an input. */
function shapeFor(name: string, ends: readonly End[], given: InputShapes | undefined): readonly number[] | undefined {
  if (given === undefined) return undefined;
  const fail = (value: unknown): never => {
    const names = ends.map(end => JSON.stringify(end.name)).join(', ');
    const expected =
      ends.length === 1
        ? `positive integers, without the batch, or an object of such by the name ${names}`
        : `an object of positive integers, without the batch, by the names ${names}`;
    throw new InvalidOptionError('inputShape', value, expected);
  };
  if (Array.isArray(given)) return isSizes(given) && ends.length === 1 ? given : fail(given);
  if (typeof given !== 'object' || given === null) return fail(given);
  const names = Object.keys(given);
  if (names.length === 0 || !names.every(key => ends.some(end => end.name === key))) return fail(given);
  const own: unknown = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined;
  return own === undefined || isSizes(own) ? own : fail(given);
}

function inputOf(name: string, shape: readonly unknown[], given: readonly number[] | undefined): NetworkInput {
  if (given !== undefined && (given.length !== shape.length || !given.every((size, axis) => fits(shape[axis], size)))) {
    throw new InvalidOptionError('inputShape', given, `one that fits [${shape.map(sizeName).join(', ')}] of "${name}"`);
  }
  const sizes = shape.map((size, axis) => size ?? given?.[axis] ?? null);
  if (isSizes(sizes)) {
    if (sizes.length === 2) return { name, shape: [1, ...sizes] as unknown as Shape, view: 'row' };
    if (sizes.length === 1 || sizes.length === 3) return { name, shape: sizes as unknown as Shape, view: 'plain' };
  }
  return malformed(
    `Its input "${name}" has shape [${shape.map(sizeName).join(', ')}] without the batch, but the runtime needs [height, width, channels], ` +
      '[length, channels] or [features] of known size. Give the sizes in inputShape, or build the model with a full inputShape.',
  );
}

const fits = (known: unknown, size: number): boolean => known === null || known === size;
const sizeName = (size: unknown): string => (size === null ? 'unknown' : show(size));
