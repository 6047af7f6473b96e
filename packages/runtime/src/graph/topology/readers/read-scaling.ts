import { channelsOf } from '../../shape-of.js';
import { show } from '../../show.js';
import { malformed } from '../fields.js';
import { type LayerCall, refuse, settledInput, type Value, viewedShape } from '../layer-call.js';

/** Least deviation that Keras divides by. */
const LEAST = 1e-7;

function scaled(call: LayerCall, value: Value, scale: Float32Array, offset: Float32Array): Value {
  const node = call.builder.add({ kind: 'normalization', name: call.name, inputs: [value.node], scale, offset });
  return { ...value, node };
}

/** One number, or one for each channel, as one for each channel. */
function byChannel(call: LayerCall, option: string, value: unknown, channels: number): Float32Array {
  const list: readonly unknown[] = Array.isArray(value) ? (value as unknown[]).flat(4) : [value];
  const isFit = list.every(each => typeof each === 'number' && Number.isFinite(each));
  if (!isFit || (list.length !== 1 && list.length !== channels)) {
    malformed(`The ${option} of layer "${call.layer}" is ${show(value)}, but must be one number, or ${channels}.`);
  }
  return Float32Array.from({ length: channels }, (_, channel) => list[list.length === 1 ? 0 : channel] as number);
}

/** `Rescaling`: `x * scale + offset`. */
export function readRescaling(call: LayerCall): Value {
  const value = settledInput(call);
  const channels = channelsOf(call.builder.shape(value.node));
  const { scale = 1, offset = 0 } = call.config;
  return scaled(
    call,
    value,
    byChannel(call, 'scale', scale, channels),
    byChannel(call, 'offset', offset ?? 0, channels),
  );
}

/** `Normalization` of Keras: by the mean and variance among its options, or by those that it was adapted to. */
export function readKerasNormalization(call: LayerCall): Value {
  const value = settledInput(call);
  const channels = channelsOf(call.builder.shape(value.node));
  const { axis = -1, invert = false } = call.config;
  const axes: readonly unknown[] = Array.isArray(axis) ? (axis as unknown[]) : axis === null ? [] : [axis];
  const lastAxis = viewedShape(call, value).length;
  if (axes.length > 1 || !axes.every(each => each === -1 || each === lastAxis))
    refuse(`axis ${show(axis)}; supported are the last one and none`);
  if (call.hasWeight('count')) call.weight('count');
  const read = (name: 'mean' | 'variance'): Float32Array =>
    byChannel(call, name, call.config[name] ?? [...call.weight(name).values], channels);
  const [mean, variance] = [read('mean'), read('variance')];
  const deviation = variance.map(each => Math.max(Math.sqrt(each), LEAST));
  if (invert === true) return scaled(call, value, deviation, mean);
  const scale = deviation.map(each => 1 / each);
  return scaled(
    call,
    value,
    scale,
    mean.map((each, channel) => -each / (deviation[channel] as number)),
  );
}
