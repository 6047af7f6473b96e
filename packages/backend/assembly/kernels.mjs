/** What `tools/assemble.mjs` compiles this folder to. */
export const kernels = [
  { file: 'src/wasm/module/kernel-binary.ts', name: 'kernelBinary' },
  {
    file: 'src/wasm/module/kernel-binary-relaxed-simd.ts',
    name: 'relaxedSimdKernelBinary',
    flags: ['--enable', 'relaxed-simd'],
  },
];
