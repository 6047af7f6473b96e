import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../module/heap.js';
import { identity } from './identity.js';
import { input, type Kernel } from './kernel.js';

/**
 * Makes truth values of numbers: all but 0 is true. TensorFlow.js' own cuts fractions off first, and 0.5 is then false.
 * Of the type that they have already, they are the same data, as {@link identity} gives it.
 */
export const cast: Kernel = {
  name: 'Cast',
  run(heap, inputs, attributes, own) {
    const x = input(inputs, 'x');
    if (attributes.dtype === x.dtype) return identity.run(heap, inputs, attributes, own);
    if (attributes.dtype !== 'bool' || (x.dtype !== 'float32' && x.dtype !== 'int32')) return undefined;
    return elementwise(heap, x, value => value !== 0);
  },
};

/** Questions about floats. TensorFlow.js' own take the bits of integers for floats. */
export const floatQuestions: readonly Kernel[] = [
  question('IsFinite', Number.isFinite),
  question('IsInf', value => value === Infinity || value === -Infinity),
  question('IsNan', Number.isNaN),
];

function question(name: string, asks: (value: number) => boolean): Kernel {
  return {
    name,
    run(heap, inputs) {
      const x = input(inputs, 'x');
      return x.dtype === 'int32' || x.dtype === 'bool' ? elementwise(heap, x, asks) : undefined;
    },
  };
}

function elementwise(heap: Heap, x: TensorInfo, asks: (value: number) => boolean): TensorInfo {
  const out = heap.output(x.shape, 'bool');
  const [from, to] = [heap.values(x), heap.values(out)];
  for (let i = 0; i < from.length; i++) to[i] = asks(from[i] as number) ? 1 : 0;
  return out;
}
