import type { SafetensorsTensor } from '@espalier/core';

/** One tensor of a PyTorch `state_dict`, in PyTorch's layout. */
export interface TorchTensor {
  /** Dimensions; a convolution's kernel is `[output, input, height, width]`, a linear layer's `[output, input]`. */
  readonly shape: readonly number[];
  /** One value per entry, row-major. Not modified. */
  readonly values: ArrayLike<number> | BigInt64Array | BigUint64Array;
}

/**
 * Tensors of a PyTorch `state_dict` by their names: shapes and values, or as `readSafetensors` of `@espalier/core`
 * gives them.
 */
export type TorchTensors = ReadonlyMap<string, TorchTensor | SafetensorsTensor>;
