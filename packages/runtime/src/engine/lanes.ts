/** Pixels that a kernel works on at once; 112 and 224 in native kernels only. */
export type Lanes = 16 | 28 | 32 | 56 | 64 | 112 | 224;

/** Every width that there are WebAssembly kernels for. */
export const LANES: readonly Lanes[] = [16, 28, 32, 56, 64];

/** Widths that only native kernels have. */
export const WIDE_LANES: readonly Lanes[] = [112, 224];

/** Every width that there are kernels for, by native instructions: tiles are whole vectors. */
export const NATIVE_LANES: Readonly<Record<'avx512' | 'avx2' | 'neon', readonly Lanes[]>> = {
  avx512: [16, 32, 64, 112, 224],
  avx2: [16, 32, 56, 64, 112],
  neon: [16, 28, 32, 56, 64, 112],
};

/** Bytes of a vector of native instructions. */
export const VECTOR_BYTES: Readonly<Record<'avx512' | 'avx2' | 'neon', number>> = { avx512: 64, avx2: 32, neon: 16 };
