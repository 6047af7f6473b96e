import { InvalidGraphError } from '../errors.js';
import { activationFault } from './activation.js';
import { checkArrangement } from './check-arrangement.js';
import type { Padding, Shape } from './graph.js';
import { inRange, maximumLength, takesTwo } from './node-limits.js';
import type { NodeSpec, SpecOf } from './node-spec.js';
import { channelsOf, sameShape, shapeOf, sizeOf } from './shape-of.js';

/** Most entries that one value may have: 1 GiB of floats. */
const maximumEntries = 2 ** 28;

/**
 * Shape of a node's value, after every check that needs no other node.
 *
 * @throws {@link InvalidGraphError} if parameters, weights or inputs do not agree or are out of range.
 */
export function checkNode(spec: NodeSpec, inputs: readonly Shape[]): Shape {
  checkInputCount(spec);
  const fault = 'activation' in spec ? activationFault(spec.activation) : undefined;
  if (fault !== undefined) fail(spec, fault);
  const [first] = inputs as [Shape];
  if (spec.kind === 'convolution') checkConvolution(spec, first);
  else if (spec.kind === 'dense') checkDense(spec, first);
  else if (spec.kind === 'pool') checkPool(spec);
  else if (spec.kind === 'transposedConvolution') checkTransposed(spec, first);
  else if (spec.kind === 'prelu') {
    const lengths = [channelsOf(first), sizeOf(first)];
    if (!lengths.includes(spec.slope.length))
      fail(spec, `Its slope has ${spec.slope.length} entries, but must have ${lengths.join(' or ')}.`);
  } else if (spec.kind === 'normalization') {
    checkVector(spec, 'scale', spec.scale, channelsOf(first));
    checkVector(spec, 'offset', spec.offset, channelsOf(first));
  }
  checkArrangement(spec, first, fail);
  if ('padding' in spec) checkPadding(spec, spec.padding);
  const shape = shapeOf(spec, inputs);
  checkSize(spec.name, shape);
  const addend = spec.kind === 'convolution' ? inputs[1] : undefined;
  if (addend !== undefined && !sameShape(addend, shape)) {
    fail(spec, `It adds [${addend}] to [${shape}]. Both must have the same shape.`);
  }
  return shape;
}

/** @throws {@link InvalidGraphError} if a shape is no shape of the graph, or too large. */
export function checkSize(name: string, shape: Shape): void {
  const ranks: readonly number[] = [1, 3];
  if (!Array.isArray(shape) || !ranks.includes(shape.length) || !shape.every(size => inRange(size, 1))) {
    throw new InvalidGraphError(name, `Its shape is [${shape}], but must be [height, width, channels] or [features].`);
  }
  if (sizeOf(shape) <= maximumEntries) return;
  throw new InvalidGraphError(
    name,
    `Its value [${shape}] has ${sizeOf(shape)} entries, over the limit of ${maximumEntries}.`,
  );
}

function fail(spec: NodeSpec, reason: string): never {
  throw new InvalidGraphError(spec.name, reason);
}

function checkInputCount(spec: NodeSpec): void {
  const count = spec.inputs.length;
  const { kind } = spec;
  const least = takesTwo(kind) ? 2 : 1;
  const most = kind === 'concat' ? Number.POSITIVE_INFINITY : takesTwo(kind) || kind === 'convolution' ? 2 : 1;
  if (count < least || count > most) fail(spec, `A node of kind ${kind} cannot have ${count} inputs.`);
}

function checkPair(spec: NodeSpec, what: string, pair: readonly number[]): void {
  if (pair.length === 2 && pair.every(value => inRange(value, 1))) return;
  fail(spec, `Its ${what} are [${pair}], but must be two integers from 1 to ${maximumLength}.`);
}

function checkPadding(spec: NodeSpec, padding: Padding): void {
  const { top, bottom, left, right } = padding;
  if ([top, bottom, left, right].every(value => inRange(value, 0))) return;
  fail(spec, `Its padding is ${JSON.stringify(padding)}, but must be integers from 0 to ${maximumLength}.`);
}

function checkVector(spec: NodeSpec, what: string, values: Float32Array | undefined, length: number): void {
  if (values === undefined || values.length === length) return;
  fail(spec, `Its ${what} has ${values.length} entries, but must have one for each of ${length} channels.`);
}

function checkConvolution(spec: SpecOf<'convolution'>, input: Shape): void {
  const { kernelShape, groups } = spec;
  checkKernel(spec, '[height, width, in / groups, out]');
  const [, , inputs, outputs] = kernelShape;
  if (!inRange(groups, 1) || outputs % groups !== 0)
    fail(spec, `Its ${groups} groups do not divide ${outputs} outputs.`);
  if (input.length === 3 && inputs * groups !== input[2]) {
    fail(spec, `Its kernel takes ${inputs * groups} channels, but its input has ${input[2]}.`);
  }
  checkVector(spec, 'bias', spec.bias, outputs);
  checkPair(spec, 'strides', spec.strides);
  checkPair(spec, 'dilations', spec.dilations);
}

function checkKernel(spec: SpecOf<'convolution' | 'transposedConvolution'>, axes: string): void {
  const { kernelShape, kernel } = spec;
  if (kernelShape.length !== 4 || !kernelShape.every(size => inRange(size, 1))) {
    fail(spec, `Its kernel has shape [${kernelShape}], but must have four axes ${axes}.`);
  }
  const entries = kernelShape.reduce((product, size) => product * size, 1);
  if (kernel.length !== entries)
    fail(spec, `Its kernel has ${kernel.length} entries, but [${kernelShape}] needs ${entries}.`);
}

function checkTransposed(spec: SpecOf<'transposedConvolution'>, input: Shape): void {
  checkKernel(spec, '[height, width, in, out]');
  const { kernelShape, strides, padding, extra } = spec;
  const [height, width, inputs, outputs] = kernelShape;
  if (input.length === 3 && inputs !== input[2]) {
    fail(spec, `Its kernel takes ${inputs} channels, but its input has ${input[2]}.`);
  }
  checkVector(spec, 'bias', spec.bias, outputs);
  checkPair(spec, 'strides', strides);
  checkPadding(spec, padding);
  if (extra.length !== 2 || !extra.every((size, axis) => inRange(size, 0) && size < (strides[axis] ?? 0)))
    fail(spec, `Its extra rows and columns are [${extra}], but must be less than the strides [${strides}].`);
  const { top, bottom, left, right } = padding;
  if (Math.max(top, bottom) >= height || Math.max(left, right) >= width)
    fail(spec, `Its padding is ${JSON.stringify(padding)}, but must be less than the kernel, ${height}x${width}.`);
}

function checkDense(spec: SpecOf<'dense'>, input: Shape): void {
  const outputs = spec.kernel.length / channelsOf(input);
  if (!inRange(outputs, 1)) {
    fail(spec, `Its kernel has ${spec.kernel.length} entries, no multiple of its ${channelsOf(input)} inputs.`);
  }
  checkVector(spec, 'bias', spec.bias, outputs);
}

function checkPool(spec: SpecOf<'pool'>): void {
  const { size, padding } = spec;
  checkPair(spec, 'window sizes', size);
  checkPair(spec, 'strides', spec.strides);
  if (Math.max(padding.top, padding.bottom) < size[0] && Math.max(padding.left, padding.right) < size[1]) return;
  fail(spec, 'Its padding is as large as its window, so that a window may hold padding alone. Use less padding.');
}
