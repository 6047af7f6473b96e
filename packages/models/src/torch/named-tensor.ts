import type { TorchTensor } from './torch-tensor.js';

/** A tensor with its name in the checkpoint, and its values as numbers. */
export interface NamedTensor extends TorchTensor {
  readonly values: ArrayLike<number>;
  readonly source: string;
}
