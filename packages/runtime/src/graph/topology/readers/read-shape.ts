import { sameShape } from '../../shape-of.js';
import { show } from '../../show.js';
import { asList, malformed } from '../fields.js';
import {
  imageOf,
  type LayerCall,
  onlyInput,
  refuse,
  settled,
  settledInput,
  type Value,
  viewedShape,
} from '../layer-call.js';

/** `Flatten`. */
export function readFlatten(call: LayerCall): Value {
  return { node: vectorOf(call, settledInput(call), call.name), view: 'plain' };
}

/** Name of a vector with the entries of a value in its order. */
function vectorOf(call: LayerCall, { node }: Value, name: string): string {
  if (call.builder.shape(node).length === 1) return node;
  return call.builder.add({ kind: 'flatten', name, inputs: [node] });
}

/** `Reshape` into one, two or three axes. A vector becomes an image of 1x1 without being moved. */
export function readReshape(call: LayerCall): Value {
  const value = onlyInput(call);
  const from = viewedShape(call, value);
  const target = targetOf(call, from);
  if (sameShape(from, target)) return value;
  if (target.length === 0 || target.length > 3)
    refuse(`a reshape from [${from}] to [${target}]; supported are those to one, two or three axes`);
  const isPixel = target.length === 3 && target[0] === 1 && target[1] === 1;
  const input = settled(call, value);
  if (target.length === 1 || isPixel)
    return { node: vectorOf(call, input, call.name), view: isPixel ? 'pixel' : 'plain' };
  const vector = vectorOf(call, input, call.builder.freeName(`${call.name}/vector`));
  const [height, width, channels] = (target.length === 2 ? [1, ...target] : target) as [number, number, number];
  const node = call.builder.add({
    kind: 'reshape',
    name: call.name,
    inputs: [vector],
    target: [height, width, channels],
  });
  return { node, view: target.length === 2 ? 'row' : 'plain' };
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
  const isWhole = lengths.every(length => Number.isInteger(length) && length >= 1);
  if (target.filter(isFree).length <= 1 && isWhole && total === size) return lengths;
  return malformed(`Layer "${call.layer}" cannot reshape [${from}] into ${show(target)}.`);
}

/**
 * `Permute`. Moving the channels of an image to the front, as for zero padding of channels, and back again, moves
 * nothing.
 */
export function readPermute(call: LayerCall): Value {
  const value = onlyInput(call);
  const dims = asList(call.config.dims, `dims of layer "${call.layer}"`);
  const rank = viewedShape(call, value).length;
  const isOrder = dims.length === rank && dims.every(dim => dims.indexOf(dim) === dims.lastIndexOf(dim));
  if (!isOrder || !dims.every(dim => Number.isInteger(dim) && (dim as number) >= 1 && (dim as number) <= rank))
    return malformed(`The dims of layer "${call.layer}" are ${show(dims)}, but its input has ${rank} axes.`);
  const order = JSON.stringify(dims);
  if (dims.every((dim, index) => dim === index + 1)) return value;
  if (order === '[3,1,2]' && value.view === 'plain') return { ...value, view: 'channelsFirst' };
  if (order === '[2,3,1]' && value.view === 'channelsFirst') return { ...value, view: 'plain' };
  if (rank === 2) {
    const node = call.builder.add({ kind: 'permute', name: call.name, inputs: [value.node], order: [0, 2, 1] });
    return { node, view: 'row' };
  }
  const [a, b, c] = dims as [number, number, number];
  const { name: input } = imageOf(call, value);
  const node = call.builder.add({ kind: 'permute', name: call.name, inputs: [input], order: [a - 1, b - 1, c - 1] });
  return { node, view: 'plain' };
}

/** `RepeatVector`: a sequence of the same vector. */
export function readRepeat(call: LayerCall): Value {
  const { node, view } = onlyInput(call);
  const shape = call.builder.shape(node);
  if (shape.length !== 1 || view !== 'plain') return refuse(`its input is [${shape}], not a vector`);
  const { n } = call.config;
  if (!Number.isSafeInteger(n) || (n as number) < 1)
    malformed(`The n of layer "${call.layer}" is ${show(n)}, but must be a positive integer.`);
  const name = call.builder.freeName(`${call.name}/image`);
  const image = call.builder.add({ kind: 'reshape', name, inputs: [node], target: [1, 1, shape[0]] });
  const repeated = call.builder.add({
    kind: 'upsampling',
    name: call.name,
    inputs: [image],
    factors: [1, n as number],
    mode: 'nearest',
    centers: 'corner',
  });
  return { node: repeated, view: 'row' };
}
