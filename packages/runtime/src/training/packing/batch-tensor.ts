import type { Heap, TileTensor } from '../../engine/engine.js';
import { type ImageShape, tensorAt, tensorBytes } from '../../engine/tensor.js';

/** Tensors of one shape that lie one after the other. */
export interface BatchTensor {
  readonly tensors: readonly TileTensor[];
  /** The first of them. */
  readonly first: TileTensor;
  /** Bytes from one to the next. */
  readonly stride: number;
}

/** Room for `count` tensors. */
export function allocateBatch(heap: Heap, shape: ImageShape, lanes: number, count: number): BatchTensor {
  const stride = tensorBytes(shape, lanes);
  const address = heap.allocate(stride * count);
  const at = (index: number): TileTensor => tensorAt(address + index * stride, shape, lanes);
  return { tensors: Array.from({ length: count }, (_, index) => at(index)), first: at(0), stride };
}
