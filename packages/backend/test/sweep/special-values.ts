import * as tf from '@tensorflow/tfjs-core';
import { type Family, say } from './case.js';
import type { Make, Random } from './random.js';

/** NaN with the sign set, which is what x86 makes of 0 times Infinity; JavaScript's own NaN has it clear. */
const negativeNan = new Float32Array(Uint32Array.of(0xffc00000).buffer)[0] as number;
const values = [Number.NaN, negativeNan, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1, -2, 3, 7, -0.5];

function diverged(random: Random, shape: readonly number[]): Make {
  const few = random.int(2, 8);
  const bits = Uint32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => {
    const value = random.int(0, few) === 0 ? random.pick(values) : random.int(-3, 3);
    return Number.isNaN(value) && random.bool() ? 0xffc00000 : new Uint32Array(Float32Array.of(value).buffer)[0]!;
  });
  return () => tf.tensor(new Float32Array(bits.slice().buffer), [...shape]);
}

const bends: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  clip: x => tf.clipByValue(x, -1, 2),
  elu: tf.elu,
  leakyRelu: x => tf.leakyRelu(x),
  relu: tf.relu,
  relu6: tf.relu6,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  tanh: tf.tanh,
};

const rectified: Family = random => {
  const shape = random.shape(0, 4);
  const x = diverged(random, shape);
  const op = random.pick(Object.keys(bends));
  const slopes = diverged(random, shape.slice(random.int(0, shape.length)));
  return {
    name: `diverged ${op} and prelu ${say({ shape })}`,
    compute: () => [bends[op]!(x()), tf.prelu(x(), slopes())],
  };
};

const extremes: Family = random => {
  const shape = random.shape(1, 4);
  const part = shape.slice(random.int(0, shape.length)).map(size => (random.bool() ? size : 1));
  const [a, b] = random.bool() ? [shape, part] : [part, shape];
  const [left, right] = [diverged(random, a), diverged(random, b)];
  return {
    name: `diverged maximum, minimum, max, min, argMax ${say({ a, b })}`,
    compute: () => [tf.maximum(left(), right()), tf.minimum(left(), right()), tf.max(left()), tf.min(left(), 0)],
  };
};

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;

const products: Family = random => {
  const [rows, inner, columns] = [random.pick([1, 3, 31, 32, 40]), random.int(1, 5), random.int(1, 9)];
  const activation = random.pick(activations);
  const [transposeA, transposeB] = [random.bool(), random.bool()];
  const a = diverged(random, transposeA ? [inner, rows] : [rows, inner]);
  const b = random.ints(transposeB ? [columns, inner] : [inner, columns], -2, 2);
  const bias = diverged(random, [columns]);
  return {
    name: `diverged matMul ${say({ rows, inner, columns, activation, transposeA, transposeB })}`,
    compute: () =>
      tf.fused.matMul({
        a: a() as tf.Tensor2D,
        b: tf.cast(b(), 'float32') as tf.Tensor2D,
        bias: bias(),
        activation,
        transposeA,
        transposeB,
        leakyreluAlpha: 0.2,
      }),
  };
};

const convolutions: Family = random => {
  const [size, channels, stride, filter] = [random.int(3, 8), random.int(1, 5), random.int(1, 2), random.int(1, 3)];
  const activation = random.pick(activations);
  const x = diverged(random, [1, size, size, channels]);
  const [taps, kernel] = [random.ints([filter, filter, channels, 1], 1, 2), random.ints([1, 1, channels, 3], -2, 2)];
  const options = { x, strides: stride, pad: 'valid' as const, activation, leakyreluAlpha: 0.2 };
  return {
    name: `diverged convolutions ${say({ size, channels, stride, filter, activation })}`,
    compute: () => [
      tf.depthwiseConv2d(x() as tf.Tensor4D, tf.cast(taps(), 'float32') as tf.Tensor4D, stride, 'valid'),
      tf.fused.depthwiseConv2d({
        ...options,
        x: x() as tf.Tensor4D,
        filter: tf.cast(taps(), 'float32') as tf.Tensor4D,
      }),
      tf.fused.conv2d({ ...options, x: x() as tf.Tensor4D, filter: tf.cast(kernel(), 'float32') as tf.Tensor4D }),
    ],
  };
};

/** On cpu the largest of a window leaves NaN out, so that it is told here by reductions, which do not. */
const pools: Family = random => {
  const [rows, columns, channels, window] = [random.int(1, 3), random.int(1, 3), random.pick([1, 3, 4, 8, 9]), 2];
  const x = diverged(random, [2, rows * window, columns * window, channels]);
  const windows = (): tf.Tensor => tf.reshape(x(), [2, rows, window, columns, window, channels]);
  return {
    name: `diverged pools ${say({ rows, columns, channels })}`,
    compute: () => [
      tf.maxPool(x() as tf.Tensor4D, window, window, 'valid'),
      tf.avgPool(x() as tf.Tensor4D, window, window, 'valid'),
    ],
    reference: () => [tf.max(windows(), [2, 4]), tf.mean(windows(), [2, 4])],
  };
};

const limited: Family = random => {
  const shape = random.shape(0, 4);
  const x = diverged(random, shape);
  const op = random.pick(['clip', 'relu', 'relu6']);
  return {
    name: `diverged grad ${op} ${say({ shape })}`,
    compute: () => tf.grad(y => bends[op]!(y))(x(), tf.onesLike(x())),
  };
};

/** What a network that diverged computes with: a number that comes of NaN would be wrong without a word. */
export const specialValues: Readonly<Record<string, Family>> = {
  divergedActivations: rectified,
  divergedExtremes: extremes,
  divergedProducts: products,
  divergedConvolutions: convolutions,
  divergedPools: pools,
  divergedLimitGradients: limited,
};
