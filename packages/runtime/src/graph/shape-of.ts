import { InvalidGraphError } from '../errors.js';
import type { Padding, Shape } from './graph.js';
import type { NodeSpec } from './node-spec.js';
import { extentOf, outputSize } from './padding.js';

/** Shape of a value of three axes. */
export type ImageShape = readonly [number, number, number];

/** Number of entries. */
export function sizeOf(shape: Shape): number {
  return shape.length === 1 ? shape[0] : shape[0] * shape[1] * shape[2];
}

/** Length of the last axis. */
export function channelsOf(shape: Shape): number {
  return shape.length === 1 ? shape[0] : shape[2];
}

/** True if both have the same axes. */
export function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}

/**
 * Shape of a node's value, from the shapes of its inputs. Looks only at what decides the shape; `checkNode` looks at
 * the rest.
 *
 * @throws {@link InvalidGraphError} if the inputs do not suit the node.
 */
export function shapeOf(spec: NodeSpec, inputs: readonly Shape[]): Shape {
  const first = inputs[0];
  if (first === undefined) throw new InvalidGraphError(spec.name, 'It has no input, but needs one.');
  switch (spec.kind) {
    case 'convolution': {
      const [height, width, , out] = spec.kernelShape;
      const extent = [extentOf(height, spec.dilations[0]), extentOf(width, spec.dilations[1])] as const;
      return [...windows(spec.name, image(spec.name, first), spec.padding, extent, spec.strides), out];
    }
    case 'transposedConvolution': {
      const [height, width] = image(spec.name, first);
      const { kernelShape, strides, padding, extra } = spec;
      const rows = (height - 1) * strides[0] + kernelShape[0] + extra[0];
      const columns = (width - 1) * strides[1] + kernelShape[1] + extra[1];
      return cut(spec.name, [rows, columns, kernelShape[3]], padding);
    }
    case 'pool': {
      const shape = image(spec.name, first);
      return [...windows(spec.name, shape, spec.padding, spec.size, spec.strides), shape[2]];
    }
    case 'dense':
      return [spec.kernel.length / vector(spec.name, first)];
    case 'globalPool':
      return [image(spec.name, first)[2]];
    case 'zeroPadding': {
      const [height, width, channels] = image(spec.name, first);
      const { top, bottom, left, right } = spec.padding;
      return [height + top + bottom, width + left + right, channels];
    }
    case 'crop':
      return cut(spec.name, image(spec.name, first), spec.padding);
    case 'upsampling': {
      const [height, width, channels] = image(spec.name, first);
      return [height * spec.factors[0], width * spec.factors[1], channels];
    }
    case 'depthToSpace': {
      const [height, width, channels] = image(spec.name, first);
      const [rows, columns] = spec.block;
      return cut(spec.name, [height * rows, width * columns, channels / (rows * columns)], spec.padding);
    }
    case 'permute': {
      const shape = image(spec.name, first);
      return spec.order.map(axis => shape[axis]) as unknown as ImageShape;
    }
    case 'flatten':
      return [sizeOf(first)];
    case 'reshape':
      vector(spec.name, first);
      return spec.target;
    case 'concat':
      return joined(spec.name, first, inputs);
    case 'add':
    case 'multiply':
    case 'subtract':
    case 'maximum':
    case 'minimum':
      return broadcast(spec.name, spec.kind, first, inputs[1] ?? first);
    default:
      return first;
  }
}

function cut(name: string, [height, width, channels]: ImageShape, { top, bottom, left, right }: Padding): ImageShape {
  const [rows, columns] = [height - top - bottom, width - left - right];
  if (rows >= 1 && columns >= 1) return [rows, columns, channels];
  throw new InvalidGraphError(
    name,
    `It cuts ${top + bottom} rows and ${left + right} columns off ${height}x${width}, which leaves nothing.`,
  );
}

/** Shape of two values that are taken entry by entry; one may be smaller than the other. */
function broadcast(name: string, kind: string, first: Shape, second: Shape): Shape {
  if (sameShape(first, second) || fills(second, first)) return first;
  if (fills(first, second)) return second;
  throw new InvalidGraphError(
    name,
    `The ${kind} takes [${first}] and [${second}]. Both must have the same shape, or one of them a value for each channel, ` +
      'for each pixel, or for all.',
  );
}

/** True if a value of one shape can be repeated to fill another: by channel, by pixel or alone. */
export function fills(small: readonly number[], large: Shape): boolean {
  if (large.length === 1) return small.length === 1 && small[0] === 1;
  const [height, width, channels] = small.length === 1 ? [1, 1, small[0]] : small;
  const fits = channels === 1 || channels === large[2];
  return fits && ((height === 1 && width === 1) || (height === large[0] && width === large[1]));
}

function image(name: string, shape: Shape): ImageShape {
  if (shape.length === 3) return shape;
  throw new InvalidGraphError(
    name,
    `It needs an image [height, width, channels], but its input is a vector [${shape}].`,
  );
}

function vector(name: string, shape: Shape): number {
  if (shape.length === 1) return shape[0];
  throw new InvalidGraphError(
    name,
    `It needs a vector, but its input is an image [${shape}]. Put a flatten before it.`,
  );
}

function windows(
  name: string,
  [height, width]: ImageShape,
  { top, bottom, left, right }: Padding,
  extent: readonly [number, number],
  strides: readonly [number, number],
): [number, number] {
  const rows = outputSize(height + top + bottom, extent[0], strides[0]);
  const columns = outputSize(width + left + right, extent[1], strides[1]);
  if (rows >= 1 && columns >= 1) return [rows, columns];
  const padded = `${height + top + bottom}x${width + left + right}`;
  throw new InvalidGraphError(
    name,
    `Its window covers ${extent[0]}x${extent[1]}, more than the padded image ${padded}.`,
  );
}

function joined(name: string, first: Shape, inputs: readonly Shape[]): Shape {
  const outer = first.slice(0, -1);
  for (const shape of inputs) {
    if (sameShape(shape.slice(0, -1), outer)) continue;
    throw new InvalidGraphError(name, `It joins [${first}] and [${shape}], which differ in more than the last axis.`);
  }
  const channels = inputs.reduce((sum, shape) => sum + channelsOf(shape), 0);
  return first.length === 1 ? [channels] : [first[0], first[1], channels];
}
