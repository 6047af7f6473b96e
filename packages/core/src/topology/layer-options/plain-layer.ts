import { asFields, asName, isFields, malformed, show, type TopologyFields } from '../fields/fields.js';
import type { TopologyOrigin } from '../fields/origin.js';
import { convolutionOptions } from './convolution-options.js';
import {
  harmless,
  type LayerOptionRule,
  type LayerOptionRules,
  type OptionPlace,
  only,
  unsupported,
} from './option-rule.js';
import { otherOptions } from './other-options.js';
import { recurrentOptions } from './recurrent-options.js';
import { requiredSizes } from './required-sizes.js';

const tables: Readonly<Record<string, LayerOptionRules>> = {
  ...otherOptions,
  ...convolutionOptions,
  ...recurrentOptions,
};

/** What a reader of layers knows beside the table of options. */
export interface LayerReading {
  readonly origin: TopologyOrigin;
  /** False if no layer of the network makes a mask, so that options about masks change nothing. */
  readonly masks?: boolean | undefined;
  /** True for classes that TensorFlow.js has or that were registered. */
  registered(className: string): boolean;
  /** True for an option that the reader carries out though TensorFlow.js does not; it is kept as it is. */
  readonly carriesOut?: ((className: string, option: string) => boolean) | undefined;
  /** Puts a layer inside a layer into the plain spelling. */
  nested(value: unknown): TopologyFields;
}

/** Number types in which half precision and double precision are computed in 32 bits: equal but for rounding. */
const types: Readonly<Record<string, string>> = {
  float32: 'float32',
  float16: 'float32',
  bfloat16: 'float32',
  float64: 'float32',
  mixed_float16: 'float32',
  mixed_bfloat16: 'float32',
  int32: 'int32',
  int64: 'int32',
  int16: 'int32',
  int8: 'int32',
  uint8: 'int32',
  uint16: 'int32',
  bool: 'bool',
};

const dtype: LayerOptionRule = (value, place) => {
  const name = isFields(value) && isFields(value.config) ? (value.config.name ?? value.config.source_name) : value;
  if (name === null) return {};
  if (typeof name === 'string' && Object.hasOwn(types, name)) return { dtype: types[name] };
  return unsupported(name, place, `supported: ${Object.keys(types).join(', ')}`);
};

/** Most examples of a batch that a topology may fix, and the most entries of one of them. */
const [largestBatch, mostEntries] = [2 ** 16, 2 ** 28];

/** A shape with the batch in front; `null` is open. */
const batchShape: LayerOptionRule = (value, place) => {
  const [batch, ...sides] = value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [Number.NaN];
  const fits = [batch ?? null, ...sides].every(
    side => side === null || (Number.isSafeInteger(side) && (side as number) >= 1),
  );
  const entries = fits ? sides.reduce<number>((product, side) => product * ((side as number | null) ?? 1), 1) : 0;
  if (fits && entries <= mostEntries && ((batch as number | null) ?? 1) <= largestBatch)
    return value === null ? {} : { batch_input_shape: value };
  return malformed(
    `The ${place.option} of layer "${place.layer}" is ${show(value)}, but must be positive integers (null where open), with at most ` +
      `${largestBatch} examples of ${mostEntries} entries.`,
  );
};

/** Options that every layer has. */
const common: LayerOptionRules = {
  trainable: (value, place) =>
    typeof value === 'boolean' || value === null
      ? { trainable: value }
      : malformed(`The trainable of layer "${place.layer}" is ${show(value)}.`),
  dtype,
  batch_input_shape: batchShape,
  batch_shape: batchShape,
  input_shape: (value, place) =>
    value === null ? {} : batchShape([null, ...(Array.isArray(value) ? value : [Number.NaN])], place),
  batch_size: only(null),
  input_dtype: harmless,
  activity_regularizer: only(null),
  autocast: harmless,
  build_input_shape: harmless,
  build_config: harmless,
  expects_training_arg: harmless,
  expects_mask_arg: harmless,
  weights: only(null),
};

/** True if the options of a class are known, so that they can be checked. */
export const hasOptions = (className: string): boolean => Object.hasOwn(tables, className);

/**
 * A layer's configuration in the spelling of Keras 2, with the options that TensorFlow.js reads and no others. That of
 * a class that is not in the table, a custom one, comes back as it is.
 *
 * @param layer - Name, class and configuration as Keras or TensorFlow.js wrote it. Not modified.
 * @param reading - Who wrote it, which classes there are, and what the reader carries out by itself.
 * @throws {@link UnsupportedLayerOptionError} for the first option that TensorFlow.js would drop though it matters.
 * @throws {@link InvalidTopologyError} for a value that means nothing.
 * @throws {@link UnregisteredClassError} for an activation, initializer, regularizer or constraint that nobody has.
 *
 * @example Keras 3's name of an option.
 * ```ts
 * import { plainLayerConfig } from '@espalier/core';
 *
 * const layer = { name: 'leaky', className: 'LeakyReLU', config: { negative_slope: 0.1 } };
 * const nested = () => ({});
 * plainLayerConfig(layer, { origin: 'keras3', registered: () => true, nested }); // { name: 'leaky', alpha: 0.1 }
 * ```
 */
export function plainConfig(
  layer: { readonly name: string; readonly className: string; readonly config: TopologyFields },
  reading: LayerReading,
): TopologyFields {
  asFields(layer, 'layer');
  const { name, className, config } = layer;
  asName(name, 'name of a layer');
  asName(className, `class of layer "${name}"`);
  asFields(config, `config of layer "${name}"`);
  if (!hasOptions(className)) return { ...config, name };
  const rules = { ...common, ...tables[className] };
  const plain: Record<string, unknown> = { name };
  for (const [option, value] of Object.entries(config)) {
    if (option === 'name') continue;
    asName(option, `name of an option of layer "${name}"`);
    const place: OptionPlace = { layer: name, className, option, ...reading };
    if (reading.carriesOut?.(className, option)) plain[option] = value;
    else
      Object.assign(
        plain,
        (Object.hasOwn(rules, option) ? (rules[option] as LayerOptionRule) : unknownOption)(value, place),
      );
  }
  for (const size of requiredSizes(className)) {
    if ((config[size] ?? null) === null) malformed(`Layer "${name}" (${className}) has no ${size}.`);
  }
  if (className === 'Bidirectional') {
    checkBackward(config.backward_layer, plain.layer, { layer: name, className, option: 'backward_layer', ...reading });
  }
  return plain;
}

/** TensorFlow.js makes the layer that reads backwards itself, equal to the other one but for the direction. */
function checkBackward(value: unknown, forward: unknown, place: OptionPlace): void {
  if (value === undefined || value === null) return;
  const own = comparable(place.nested(value));
  const made = comparable(asFields(forward, `layer of "${place.layer}"`));
  if (
    JSON.stringify({ ...own, backwards: null }) !== JSON.stringify({ ...made, backwards: null }) ||
    own.backwards === made.backwards
  )
    unsupported('with options of its own', place, 'supported: one that is equal to "layer" but for go_backwards');
}

/** What of a layer decides what it computes. */
function comparable({ className, config }: TopologyFields): {
  className: unknown;
  backwards: unknown;
  options: unknown;
} {
  const { name: _, go_backwards: backwards = false, ...options } = asFields(config, 'config of a layer');
  const ordered = Object.entries(options).filter(([option]) => !option.endsWith('_initializer') && option !== 'seed');
  return { className, backwards, options: ordered.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** An option that no version of Keras had so far: harmless if it says that something is not there. */
const unknownOption: LayerOptionRule = (value, place) =>
  value === null || value === false ? {} : unsupported(value, place, 'no such option is known');
