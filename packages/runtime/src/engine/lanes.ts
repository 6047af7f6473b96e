/** Pixels that a kernel works on at once. */
export type Lanes = 16 | 28 | 32 | 56 | 64;

/** Every width that there are kernels for. */
export const LANES: readonly Lanes[] = [16, 28, 32, 56, 64];
