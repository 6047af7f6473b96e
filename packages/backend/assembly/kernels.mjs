/** What `tools/assemble.mjs` compiles this folder to. */
export const kernels = [{ file: 'src/wasm/module/kernel-binary.ts', name: 'kernelBinary' }];
