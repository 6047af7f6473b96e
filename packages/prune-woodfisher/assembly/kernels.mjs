/** What `tools/assemble.mjs` compiles this folder to. */
export const kernels = [{ file: 'src/fisher/tile-binary.ts', name: 'tileBinary', flags: ['--noExportMemory'] }];
