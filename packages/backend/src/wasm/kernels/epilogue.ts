import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Epilogue } from '../convolution/convolve.js';
import type { Heap } from '../module/heap.js';

/** What a fused kernel does with its sums, or undefined for a bias that is not one number for each of the channels. */
export function epilogueOf(
  heap: Heap,
  bias: TensorInfo | null | undefined,
  channels: number,
  clamp: boolean,
): Epilogue | undefined {
  if (bias === undefined || bias === null) return { clamp };
  return bias.shape.length === 1 && bias.shape[0] === channels ? { clamp, bias: heap.address(bias) } : undefined;
}
