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
    case 'flatten':
      return [sizeOf(first)];
    case 'concat':
      return joined(spec.name, first, inputs);
    case 'softmax':
      return [vector(spec.name, first)];
    default:
      return first;
  }
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
