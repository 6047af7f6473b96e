import { permuted } from '../../export/permute.js';
import { type Constant, inOrder, sizeOf, type Value } from '../entry.js';
import type { Weight } from '../layer-list.js';
import { type NodeCall, type Operation, refuse } from '../node-call.js';
import { floatsOf } from './convolution.js';

/** The kernel `[inputs, outputs]` for what a layer gives: for the row of an image, in TensorFlow.js's order. */
function kernelFor(
  { list }: NodeCall,
  value: Value,
  kernel: Float32Array,
  outputs: number,
): { input: Value; values: Float32Array } {
  const { flattened, shape } = value;
  if (!flattened || flattened.shape.some(Number.isNaN)) return { input: list.settled(value), values: kernel };
  const sides = flattened.shape;
  const order = sides.map(() => 0);
  for (const [axis, to] of flattened.perm.entries()) order[to] = axis;
  const values = permuted(kernel, [...sides, outputs], [...order, sides.length]);
  return { input: list.flat({ ...flattened, flattened: undefined }, shape), values };
}

function add(call: NodeCall, kernel: Float32Array, [inputs, outputs]: readonly [number, number], bias?: Weight): Value {
  const { list, name } = call;
  const value = call.value();
  const rank = value.shape.length;
  if (value.shape.at(-1) !== inputs) return refuse(`a kernel of ${inputs} inputs for ${value.shape.at(-1)}`);
  const { input, values } =
    rank === 1 ? kernelFor(call, value, kernel, outputs) : { input: list.as(value, inOrder(rank)), values: kernel };
  return list.add({
    className: 'Dense',
    name,
    config: { units: outputs, use_bias: bias !== undefined },
    weights: { kernel: { shape: [inputs, outputs], values }, ...(bias ? { bias } : {}) },
    inputs: [input],
    shape: [...value.shape.slice(0, -1), outputs],
    perm: inOrder(rank),
  });
}

const scaled = (values: Float32Array, factor: number): Float32Array =>
  factor === 1 ? values : values.map(value => value * factor);

function biasOf(constant: Constant, outputs: number, factor: number): Weight {
  const values = scaled(floatsOf(constant), factor);
  if (values.length === 1) return { shape: [outputs], values: new Float32Array(outputs).fill(values[0] as number) };
  if (values.length === outputs && constant.shape.at(-1) === outputs) return { shape: [outputs], values };
  return refuse(`a bias of shape [${constant.shape.join(', ')}]`);
}

const gemm: Operation = call => {
  if (call.integer('transA', 0) === 1) return refuse('transA 1');
  const weight = call.constant(1);
  const transposed = call.integer('transB', 0) === 1;
  const [rows = 0, columns = 0] = weight.shape;
  if (weight.shape.length !== 2) return refuse(`a kernel of ${weight.shape.length} axes`);
  const sides = transposed ? ([columns, rows] as const) : ([rows, columns] as const);
  const kernel = transposed ? permuted(floatsOf(weight), weight.shape, [1, 0]) : floatsOf(weight);
  const bias = call.optional(2);
  const weights = bias && biasOf(bias, sides[1], call.float('beta', 1));
  return add(call, scaled(kernel, call.float('alpha', 1)), sides, weights);
};

const product: Operation = call => {
  const weight = call.constant(1);
  const [rows = 0, columns = 0] = weight.shape;
  if (weight.shape.length !== 2 || sizeOf(weight.shape) === 0) return refuse(`a kernel of ${weight.shape.length} axes`);
  return add(call, floatsOf(weight), [rows, columns]);
};

/** Products with constants. */
export const products: Readonly<Record<string, Operation>> = { Gemm: gemm, MatMul: product };
