import { reshape, sign, stridedSlice, Tensor, transpose } from '@tensorflow/tfjs-core';

/**
 * Gives tensors the methods that the orthogonal initializer of TensorFlow.js's recurrent layers calls on them, and that
 * `@tensorflow/tfjs-core` alone does not register: without them an LSTM cannot be made ("rMat.flatten is not a
 * function").
 */
export function registerChainedOperations(): void {
  const missing: Readonly<Record<string, (this: Tensor, ...args: never[]) => Tensor>> = {
    flatten() {
      return reshape(this, [this.size]);
    },
    reshape(shape: number[]) {
      return reshape(this, shape);
    },
    transpose(permutation?: number[]) {
      return transpose(this, permutation);
    },
    sign() {
      return sign(this);
    },
    stridedSlice(begin: number[], end: number[], strides?: number[]) {
      return stridedSlice(this, begin, end, strides);
    },
  };
  for (const [name, value] of Object.entries(missing)) {
    if (name in Tensor.prototype) continue;
    Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
  }
}
