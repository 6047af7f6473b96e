import type { NativeEngine } from '../engine/engine.js';
import { VECTOR_BYTES } from '../engine/lanes.js';

/** Channels of a work item of the native kernels that go by channels. */
export const CHANNEL_BLOCK = 8;

/** Larger inputs do not lie in a near cache when they are read: native kernels fetch ahead what comes next. */
export const NEAR_BYTES: number = 2 ** 20;

/** Floats of a vector of native kernels. */
export function vectorFloats({ choice }: NativeEngine): number {
  return VECTOR_BYTES[choice.instructions] / 4;
}
