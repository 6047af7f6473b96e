import { sources } from './generate.mjs';

// The maximum makes the memory import's limits a flags byte, a minimum and a maximum; the engine sets the flag "shared"
// itself where the memory is.
const flags = ['--maximumMemory', '65536', '--noExportMemory'];

/** Files of `generated/`, each with its text. */
export const generated = sources();

/** What `tools/assemble.mjs` compiles this folder to. */
export const kernels = [
  {
    file: 'src/engine/kernel-binary-relaxed-simd.ts',
    name: 'relaxedSimdBinary',
    flags: [...flags, '--enable', 'relaxed-simd'],
  },
  { file: 'src/engine/kernel-binary-simd.ts', name: 'simdBinary', flags },
];
