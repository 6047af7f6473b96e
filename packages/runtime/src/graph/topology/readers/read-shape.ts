import { sameShape } from '../../shape-of.js';
import { show } from '../../show.js';
import { asList, malformed } from '../fields.js';
import { type LayerCall, onlyInput, plain, refuse, type Value, viewedShape } from '../layer-call.js';

/** `Flatten`. */
export function readFlatten(call: LayerCall): Value {
  const value = onlyInput(call);
  if (value.view === 'pixel') return { ...value, view: 'plain' };
  const input = plain(value);
  if (call.builder.shape(input).length === 1) return value;
  return { node: call.builder.add({ kind: 'flatten', name: call.name, inputs: [input] }), view: 'plain' };
}

/** `Reshape` into the same shape, into a vector, or of a vector into an image of 1x1. */
export function readReshape(call: LayerCall): Value {
  const value = onlyInput(call);
  const from = viewedShape(call, value);
  const target = targetOf(call, from);
  if (sameShape(from, target)) return value;
  if (value.view !== 'channelsFirst') {
    const isVector = call.builder.shape(value.node).length === 1;
    if (target.length === 1) return readFlatten(call);
    if (isVector && target.length === 3 && target[0] === 1 && target[1] === 1) return { ...value, view: 'pixel' };
  }
  return refuse(`a reshape from [${from}] to [${target}]; supported are those to a vector and to [1, 1, channels]`);
}

function targetOf(call: LayerCall, from: readonly number[]): readonly number[] {
  const target = asList(call.config.target_shape, `target_shape of layer "${call.layer}"`);
  const size = from.reduce((product, length) => product * length, 1);
  const isFree = (length: unknown): boolean => length === null || length === -1;
  const numberOf = (length: unknown, free: number): number =>
    isFree(length) ? free : typeof length === 'number' ? length : Number.NaN;
  const known = target.reduce<number>((product, length) => product * numberOf(length, 1), 1);
  const lengths = target.map(length => numberOf(length, size / known));
  const total = lengths.reduce((product, length) => product * length, 1);
  if (target.filter(isFree).length <= 1 && lengths.every(length => Number.isInteger(length)) && total === size)
    return lengths;
  return malformed(`Layer "${call.layer}" cannot reshape [${from}] into ${show(target)}.`);
}

/** `Permute` that moves the channels of an image to the front, for zero padding of channels, or back again. */
export function readPermute(call: LayerCall): Value {
  const value = onlyInput(call);
  const order = JSON.stringify(asList(call.config.dims, `dims of layer "${call.layer}"`));
  const rank = viewedShape(call, value).length;
  if ((rank === 3 && order === '[1,2,3]') || (rank === 1 && order === '[1]')) return value;
  if (rank === 3 && order === '[3,1,2]' && value.view === 'plain') return { ...value, view: 'channelsFirst' };
  if (rank === 3 && order === '[2,3,1]' && value.view === 'channelsFirst') return { ...value, view: 'plain' };
  return refuse(`permutation ${order}; supported are [3,1,2] and back by [2,3,1]`);
}
