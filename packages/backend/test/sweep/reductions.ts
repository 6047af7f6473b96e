import * as tf from '@tensorflow/tfjs-core';
import { type Family, say, withGradients } from './case.js';
import { kindOf } from './elementwise.js';

type Reduce = (x: tf.Tensor, axis: number | number[] | undefined, keepDims: boolean) => tf.Tensor;

const REDUCE: Readonly<Record<string, Reduce>> = {
  all: (x, axis, keep) => tf.all(tf.cast(x, 'bool'), axis, keep),
  any: (x, axis, keep) => tf.any(tf.cast(x, 'bool'), axis, keep),
  logSumExp: (x, axis, keep) => tf.logSumExp(x, axis, keep),
  max: (x, axis, keep) => tf.max(x, axis, keep),
  mean: (x, axis, keep) => tf.mean(x, axis, keep),
  min: (x, axis, keep) => tf.min(x, axis, keep),
  norm: (x, axis, keep) => tf.norm(x, 'euclidean', axis, keep),
  prod: (x, axis, keep) => tf.prod(x, axis, keep),
  sum: (x, axis, keep) => tf.sum(x, axis, keep),
  variance: (x, axis, keep) => tf.moments(x, axis, keep).variance,
};

const reduction: Family = random => {
  const op = random.pick(Object.keys(REDUCE));
  const shape = random.pick([random.shape(0, 5, 4), random.shape(1, 3, 12), [random.int(1, 300)]]);
  const axis = shape.length === 0 ? undefined : random.axes(shape.length);
  const keepDims = random.bool();
  const x =
    op === 'prod' && random.bool()
      ? random.ints(shape, 1, 2)
      : op === 'logSumExp' || op === 'norm'
        ? random.floats(shape, 3)
        : random.any(shape);
  return {
    name: `${op} ${say({ shape, axis, keepDims, dtype: kindOf(x) })}`,
    compute: () => REDUCE[op]!(x(), axis, keepDims),
  };
};

const reductionGradient: Family = random => {
  const op = random.pick(['logSumExp', 'max', 'mean', 'min', 'norm', 'prod', 'sum', 'variance']);
  const shape = random.shape(1, 4, 4);
  const axis = random.axes(shape.length);
  const keepDims = random.bool();
  const x = (op === 'max' || op === 'min') && random.bool() ? random.ties(shape) : random.between(shape, 0.4, 2);
  return {
    name: `grad ${op} ${say({ shape, axis, keepDims })}`,
    compute: () => withGradients([x], y => REDUCE[op]!(y, axis, keepDims)),
    tolerance: 5e-5,
  };
};

const ARGUMENT = { argMax: tf.argMax, argMin: tf.argMin };
const CUMULATIVE = { cumsum: tf.cumsum, cumprod: tf.cumprod };
const SOFTMAX = { softmax: tf.softmax, logSoftmax: tf.logSoftmax };

const argument: Family = random => {
  const shape = random.shape(1, 4, 6);
  const axis = random.axis(shape.length);
  const op = random.pick(['argMax', 'argMin'] as const);
  const x = random.any(shape);
  return { name: `${op} ${say({ shape, axis, dtype: kindOf(x) })}`, compute: () => ARGUMENT[op](x(), axis) };
};

const cumulative: Family = random => {
  const op = random.pick(['cumsum', 'cumprod'] as const);
  const shape = random.shape(1, 4, 6);
  const [axis, exclusive, reverse] = [random.axis(shape.length), random.bool(), random.bool()];
  const x = random.pick([random.floats(shape), random.ints(shape), random.special(shape), random.bools(shape)]);
  return {
    name: `${op} ${say({ shape, axis, exclusive, reverse, dtype: kindOf(x) })}`,
    compute: () => CUMULATIVE[op](x(), axis, exclusive, reverse),
    // On cpu a negative axis gives a wrong shape.
    reference: () => CUMULATIVE[op](x(), (axis + shape.length) % shape.length, exclusive, reverse),
  };
};

const cumulativeGradient: Family = random => {
  const shape = random.shape(1, 4, 6);
  const [axis, exclusive, reverse] = [random.axis(shape.length), random.bool(), random.bool()];
  const x = random.floats(shape);
  return {
    name: `grad cumsum ${say({ shape, axis, exclusive, reverse })}`,
    compute: () => withGradients([x], y => tf.cumsum(y, axis, exclusive, reverse)),
    reference: () => withGradients([x], y => tf.cumsum(y, (axis + shape.length) % shape.length, exclusive, reverse)),
  };
};

const softmax: Family = random => {
  const shape = random.shape(1, 4, 7);
  const op = random.pick(['softmax', 'logSoftmax'] as const);
  const x = random.pick([random.floats(shape, 4), random.floats(shape, 100), random.ties(shape)]);
  return { name: `${op} ${say({ shape })}`, compute: () => withGradients([x], y => SOFTMAX[op](y)), tolerance: 2e-5 };
};

const topk: Family = random => {
  const shape = random.shape(1, 3, 8);
  const k = random.int(1, shape.at(-1)!);
  const x = random.pick([random.floats(shape), random.ties(shape), random.ints(shape)]);
  return {
    name: `topk ${say({ shape, k, dtype: kindOf(x) })}`,
    compute: () => {
      const { values, indices } = tf.topk(x(), k, true);
      return [values, indices];
    },
  };
};

const bincount: Family = random => {
  const shape = random.pick([[random.int(1, 9)], [random.int(1, 4), random.int(1, 9)]]);
  const size = random.int(1, 7);
  // On cpu one row is counted though only presence was asked for.
  const binary = shape.length > 1 && random.bool();
  const ids = random.ints(shape, 0, 8);
  const weights = random.bool() ? random.floats(shape) : () => tf.tensor1d([]);
  return {
    name: `bincount ${say({ shape, size, binary })}`,
    compute: () => [
      tf.denseBincount(ids() as tf.Tensor1D, weights() as tf.Tensor1D, size, binary),
      ...(shape.length === 1 ? [tf.bincount(ids() as tf.Tensor1D, weights() as tf.Tensor1D, size)] : []),
    ],
  };
};

export const reductions: Readonly<Record<string, Family>> = {
  reduction,
  reductionGradient,
  argument,
  cumulative,
  cumulativeGradient,
  softmax,
  topk,
  bincount,
};
