import type { StoredTensor } from '../checkpoint.js';
import { transpose } from './transpose.js';

/** Axis orders from TensorFlow.js to PyTorch by rank: dense, convolutions in one, two and three dimensions. */
const kernelOrders: ReadonlyMap<number, readonly number[]> = new Map([
  [2, [1, 0]],
  [3, [2, 1, 0]],
  [4, [3, 2, 0, 1]],
  [5, [4, 3, 0, 1, 2]],
]);

/** How one weight changed on its way to PyTorch's layout. */
export interface LayoutChange {
  readonly tensor: StoredTensor;
  /** Axis order that was applied, or `null` if the weight is as it was. */
  readonly order: readonly number[] | null;
}

/**
 * A weight as PyTorch's layers have it. Kernels are recognized by their mask or by their name's last part; embeddings,
 * biases and normalization parameters have the same layout in both.
 */
export function toPytorchLayout(name: string, tensor: StoredTensor, prunable: boolean): LayoutChange {
  const part = name.slice(name.lastIndexOf('/') + 1).replace(/_\d+$/, '');
  const { shape, values } = tensor;
  if (part === 'depthwise_kernel' && shape.length === 4) {
    const [height, width, channels, multiplier] = shape as [number, number, number, number];
    const order = [2, 3, 0, 1];
    return {
      tensor: { shape: [channels * multiplier, 1, height, width], values: transpose(values, shape, order) },
      order,
    };
  }
  const isKernel = prunable || /^(recurrent_|pointwise_)?kernel$/.test(part);
  const order = isKernel && part !== 'embeddings' ? kernelOrders.get(shape.length) : undefined;
  if (!order) return { tensor, order: null };
  return { tensor: { shape: order.map(axis => shape[axis]!), values: transpose(values, shape, order) }, order };
}
