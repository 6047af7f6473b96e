/** One tensor of a PyTorch `state_dict`, in PyTorch's layout. */
export interface TorchTensor {
  /** Dimensions; a convolution's kernel is `[output, input, height, width]`, a linear layer's `[output, input]`. */
  readonly shape: readonly number[];
  /** One value per entry, row-major. Not modified. */
  readonly values: ArrayLike<number>;
}

/** Tensors of a PyTorch `state_dict` by their names, as a safetensors file has them. */
export type TorchTensors = ReadonlyMap<string, TorchTensor>;
