import * as tf from '@tensorflow/tfjs-core';
import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Heap } from '../module/heap.js';
import { compose, tensorOf } from './compose.js';
import { input, type Kernel } from './kernel.js';

/** Values from one limit to another. TensorFlow.js' own, which are XNNPACK's, make the lower limit of NaN. */
export const clipByValue: Kernel = {
  name: 'ClipByValue',
  run(heap, inputs, attributes) {
    const { clipValueMin, clipValueMax } = attributes as { clipValueMin: number; clipValueMax: number };
    return eachFloat(heap, input(inputs, 'x'), (x, y, count) =>
      heap.kernels.clamp(x, y, count, clipValueMin, clipValueMax),
    );
  },
};

/**
 * TensorFlow.js' own compares bits, and makes 0 of a NaN with the sign set, which is what processors make of 0 times
 * Infinity.
 */
export const relu: Kernel = rectifier('Relu', Number.POSITIVE_INFINITY);

/** See {@link clipByValue}. */
export const relu6: Kernel = rectifier('Relu6', 6);

function rectifier(name: string, high: number): Kernel {
  return {
    name,
    run: (heap, inputs) =>
      eachFloat(heap, input(inputs, 'x'), (x, y, count) => heap.kernels.rectify(x, y, count, high)),
  };
}

function eachFloat(
  heap: Heap,
  x: TensorInfo,
  compute: (x: number, y: number, count: number) => void,
): TensorInfo | undefined {
  if (x.dtype !== 'float32') return undefined;
  const y = heap.output(x.shape);
  compute(heap.address(x), heap.address(y), util.sizeFromShape(x.shape));
  return y;
}

/** The larger of two values. TensorFlow.js' own gives the other one where the second is NaN. */
export const maximum: Kernel = extremum('Maximum', true);

/** See {@link maximum}. */
export const minimum: Kernel = extremum('Minimum', false);

function extremum(name: string, larger: boolean): Kernel {
  return {
    name,
    run(heap, inputs) {
      const operands = [input(inputs, 'a'), input(inputs, 'b')] as const;
      if (operands.some(({ dtype }) => dtype !== 'float32')) return undefined;
      const shape = backend_util.assertAndGetBroadcastShape(operands[0].shape, operands[1].shape);
      const count = util.sizeFromShape(shape);
      const [whole, other] =
        util.sizeFromShape(operands[0].shape) === count ? operands : ([operands[1], operands[0]] as const);
      const period = periodIn(shape, whole, other);
      if (period === undefined) return broadcast(name, inputs, shape);
      const y = heap.output(shape);
      heap.kernels.extremum(heap.address(whole), heap.address(other), heap.address(y), count, period, larger);
      return y;
    },
  };
}

/**
 * x, or x times its slope where x is negative. TensorFlow.js' own takes slopes for those of channels, and loses NaN.
 */
export const prelu: Kernel = {
  name: 'Prelu',
  run(heap, inputs) {
    const [x, slopes] = [input(inputs, 'x'), input(inputs, 'alpha')];
    if (x.dtype !== 'float32' || slopes.dtype !== 'float32') return undefined;
    const shape = backend_util.assertAndGetBroadcastShape(x.shape, slopes.shape);
    const period = periodIn(shape, x, slopes);
    if (period === undefined) return broadcast('Prelu', inputs, shape);
    const y = heap.output(shape);
    const count = util.sizeFromShape(shape);
    heap.kernels.prelu(heap.address(x), heap.address(slopes), heap.address(y), count, period);
    return y;
  },
};

/** After how many entries `other` starts again beside `whole`, which has all; undefined where it is not so simple. */
function periodIn(shape: readonly number[], whole: TensorInfo, other: TensorInfo): number | undefined {
  if (util.sizeFromShape(whole.shape) !== util.sizeFromShape([...shape])) return undefined;
  const own = other.shape.slice(other.shape.findIndex(size => size !== 1));
  const size = util.sizeFromShape(other.shape);
  if (size === 1) return 1;
  return util.arraysEqual(own, shape.slice(shape.length - own.length)) ? size : undefined;
}

/** The same of operands that both have the whole shape. */
function broadcast(name: string, inputs: Parameters<Kernel['run']>[1], shape: number[]): TensorInfo {
  return compose(() => {
    const whole = Object.keys(inputs).map(key => [key, tf.broadcastTo(tensorOf(inputs, key), shape)] as const);
    return tf.engine().runKernel(name, Object.fromEntries(whole)) as tf.Tensor;
  });
}
