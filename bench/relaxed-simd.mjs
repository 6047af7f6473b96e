/** Node 20 has WebAssembly's relaxed SIMD behind this flag; later ones have it without. */
const flag = '--experimental-wasm-relaxed-simd';

/** What a process of Node needs on its command line for relaxed SIMD: nothing where this one has it. */
export const relaxedSimdFlags =
  Number.parseInt(process.versions.node, 10) < 22 && !process.execArgv.includes(flag) ? [flag] : [];
