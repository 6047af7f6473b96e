import type { StoredTensor } from '@espalier/core';
import { show } from '../../show.js';
import { malformed } from '../fields.js';
import { type LayerCall, onlyInput, settledInput, type Value, viewedShape } from '../layer-call.js';
import { applied } from './activation.js';

/** A number among the options of a layer, which old versions of Keras wrap in an object. */
export function numberOf(call: LayerCall, option: string, otherwise: number): number {
  const value = call.config[option];
  const plain =
    typeof value === 'object' && value !== null && 'value' in value
      ? (value as { readonly value: unknown }).value
      : value;
  if (plain === undefined || plain === null) return otherwise;
  return typeof plain === 'number' && Number.isFinite(plain)
    ? plain
    : malformed(`The ${option} of layer "${call.layer}" is ${show(value)}, but must be a number.`);
}

/**
 * `ReLU`. Keras caps what is under 0, too, before it adds the slope; TensorFlow.js knows the cap alone.
 */
export function readReLU(call: LayerCall): Value {
  const slope = numberOf(call, 'negative_slope', 0);
  const threshold = numberOf(call, 'threshold', 0);
  const maximum = numberOf(call, 'max_value', Number.POSITIVE_INFINITY);
  const isPlain = slope === 0 && threshold === 0;
  if (isPlain && maximum === Number.POSITIVE_INFINITY) return applied(call, onlyInput(call), 'relu');
  if (isPlain && maximum === 6) return applied(call, onlyInput(call), 'relu6');
  if (maximum < 0) malformed(`The max_value of layer "${call.layer}" is ${maximum}, but must not be under 0.`);
  return applied(call, onlyInput(call), { kind: 'rectifier', slope, threshold, maximum });
}

/** `LeakyReLU`, `ThresholdedReLU` and `ELU`. */
export function readLeaky(call: LayerCall): Value {
  const slope = numberOf(call, 'alpha', 0.3);
  return applied(call, onlyInput(call), { kind: 'rectifier', slope, threshold: 0, maximum: Number.POSITIVE_INFINITY });
}

export function readThresholded(call: LayerCall): Value {
  const threshold = numberOf(call, 'theta', 1);
  return applied(call, onlyInput(call), { kind: 'rectifier', slope: 0, threshold, maximum: Number.POSITIVE_INFINITY });
}

export function readElu(call: LayerCall): Value {
  return applied(call, onlyInput(call), { kind: 'elu', alpha: numberOf(call, 'alpha', 1) });
}

/** `PReLU`, with slopes shared along any axes. */
export function readPrelu(call: LayerCall): Value {
  const value = settledInput(call);
  const shape = viewedShape(call, value);
  const slope = slopes(call, call.weight('alpha'), shape);
  return { ...value, node: call.builder.add({ kind: 'prelu', name: call.name, inputs: [value.node], slope }) };
}

/** One slope for each channel where all pixels share them, or else one for each entry. */
function slopes(call: LayerCall, { shape, values }: StoredTensor, viewed: readonly number[]): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const fits = shape.length === viewed.length && shape.every((length, axis) => length === 1 || length === viewed[axis]);
  if (!fits || size !== values.length)
    return malformed(`The weight "${call.layer}/alpha" has shape [${shape}], but its input has [${viewed}].`);
  const channels = viewed.at(-1) ?? 1;
  if (shape.slice(0, -1).every(length => length === 1))
    return Float32Array.from({ length: channels }, (_, channel) => values[channel % values.length] ?? 0);
  const all = viewed.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: all }, (_, index) => values[placeIn(shape, viewed, index)] ?? 0);
}

/** Where the entry of an index lies in a tensor that is repeated along the axes of length 1. */
function placeIn(shape: readonly number[], viewed: readonly number[], index: number): number {
  let [rest, place, step] = [index, 0, 1];
  for (let axis = viewed.length - 1; axis >= 0; axis--) {
    const [length = 1, own = 1] = [viewed[axis], shape[axis]];
    if (own !== 1) place += (rest % length) * step;
    rest = Math.floor(rest / length);
    step *= own;
  }
  return place;
}
