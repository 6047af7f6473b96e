import type { Value } from './entry.js';
import { channelsLast } from './entry.js';
import { type NodeCall, refuse } from './node-call.js';

/** A window over the axes of an image or sequence, as ONNX says it. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Before and after each axis; NaN for those of `SAME_UPPER` that depend on an unknown size. */
  readonly pads: readonly (readonly [number, number])[];
}

/** The window of a node over values of the shape. */
export function windowOf(call: NodeCall, space: readonly number[], kernel: readonly number[]): Window {
  const ones = space.map(() => 1);
  const strides = call.integers('strides') ?? ones;
  const dilations = call.integers('dilations') ?? ones;
  const given = call.integers('pads') ?? space.flatMap(() => [0, 0]);
  const axes = space.length;
  if ([kernel, strides, dilations].some(list => list.length !== axes) || given.length !== 2 * axes)
    return refuse(`a window of ${kernel.length} axes over ${axes}`);
  if (![...kernel, ...strides, ...dilations].every(side => Number.isSafeInteger(side) && side >= 1))
    return refuse('a window with sizes below 1');
  if (!given.every(side => Number.isSafeInteger(side) && side >= 0)) return refuse('pads below 0');
  const auto = call.text('auto_pad', 'NOTSET');
  const pads = space.map((size, axis): readonly [number, number] => {
    if (auto === 'VALID') return [0, 0];
    if (auto === 'NOTSET' || auto === '') return [given[axis] as number, given[axis + axes] as number];
    const total = sameTotal(size, kernel[axis] as number, strides[axis] as number, dilations[axis] as number);
    if (Number.isNaN(total) && auto === 'SAME_LOWER')
      return refuse('auto_pad "SAME_LOWER" with strides over images of any size');
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return auto === 'SAME_UPPER' ? [less, more] : auto === 'SAME_LOWER' ? [more, less] : refuse(`auto_pad "${auto}"`);
  });
  return { kernel, strides, dilations, pads };
}

function sameTotal(size: number, kernel: number, stride: number, dilation: number): number {
  const reach = (kernel - 1) * dilation + 1;
  if (Number.isNaN(size)) return stride === 1 ? reach - 1 : Number.NaN;
  return Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
}

/** TensorFlow.js's word for the padding, if it has one. */
export function paddingWord(
  space: readonly number[],
  { kernel, strides, dilations, pads }: Window,
): 'same' | 'valid' | undefined {
  if (pads.every(([before, after]) => before === 0 && after === 0)) return 'valid';
  const isSame = space.every((size, axis) => {
    const total = sameTotal(size, kernel[axis] as number, strides[axis] as number, dilations[axis] as number);
    const [before, after] = pads[axis] as readonly [number, number];
    return Number.isNaN(before) || (before === Math.floor(total / 2) && after === Math.ceil(total / 2));
  });
  return isSame ? 'same' : undefined;
}

/** Lengths after a window without padding of its own. */
export function spaceAfter(
  space: readonly number[],
  { kernel, strides, dilations, pads }: Window,
  ceil = false,
): number[] {
  return space.map((size, axis) => {
    const [before, after] = pads[axis] as readonly [number, number];
    const room = size + before + after - ((kernel[axis] as number) - 1) * (dilations[axis] as number) - 1;
    return (ceil ? Math.ceil : Math.floor)(room / (strides[axis] as number)) + 1;
  });
}

/** An image with zeros round it, or without its edges where there are fewer than none. */
export function bordered(call: NodeCall, image: Value, pads: Window['pads'], name: string): Value {
  const { list } = call;
  if (image.shape.length !== 3) return refuse('padding of a sequence, for which there is no layer');
  const [channels = 1, ...space] = image.shape;
  const around = (value: Value, className: string, option: string, sign: number): Value => {
    const sides = pads.map(([before, after]) => [Math.max(sign * before, 0), Math.max(sign * after, 0)] as const);
    if (sides.every(([before, after]) => before === 0 && after === 0)) return value;
    const [, ...old] = value.shape;
    const shape = [
      channels,
      ...old.map((size, axis) => size + sign * ((sides[axis]?.[0] ?? 0) + (sides[axis]?.[1] ?? 0))),
    ];
    if (shape.some(side => side < 1)) return refuse('edges that are cut off to nothing');
    const { atLeastZero } = value;
    const config = { [option]: sides.map(side => [...side]) };
    return list.add({ className, name, config, inputs: [value], shape, perm: channelsLast(3), atLeastZero });
  };
  if (pads.length !== space.length) return refuse(`padding of ${pads.length} axes`);
  return around(around(image, 'ZeroPadding2D', 'padding', 1), 'Cropping2D', 'cropping', -1);
}
