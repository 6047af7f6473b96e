import { SimdUnavailableError } from '../errors.js';
import type { Engine } from './engine.js';
import { relaxedSimdBinary } from './kernel-binary-relaxed-simd.js';
import { simdBinary } from './kernel-binary-simd.js';
import { startedWide } from './revectorize.js';

type Instructions = Engine['instructions'];

const BINARIES: Readonly<Record<Instructions, string>> = {
  simd: simdBinary,
  'relaxed-simd': relaxedSimdBinary,
  'relaxed-simd-256': relaxedSimdBinary,
};

/** Flags of a memory's limits: it has a maximum; threads share it. */
const LIMITED = 1;
const SHARED = 2;

/** Sections before the memory import are shorter than this. */
const SEARCHED = 1024;

/** Whether this engine can run the kernels that were built for these instructions. */
export function supports(instructions: Instructions): boolean {
  return WebAssembly.validate(moduleBytes(instructions, false));
}

/** The best instructions that this engine has, as it was started. */
export function detectInstructions(): Instructions {
  if (startedWide() && supports('relaxed-simd-256')) return 'relaxed-simd-256';
  if (supports('relaxed-simd')) return 'relaxed-simd';
  if (supports('simd')) return 'simd';
  throw new SimdUnavailableError('simd');
}

/** The kernels' module, for shared or for unshared memory. */
export function moduleBytes(instructions: Instructions, shared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(BINARIES[instructions]), character => character.charCodeAt(0));
  if (shared) bytes[limitsFlags(bytes)] = LIMITED | SHARED;
  return bytes;
}

/**
 * Where the flags of the imported memory's limits stand. The import is written as the string `memory`, the byte 2 for
 * "a memory", the flags (1: has a maximum, 2: is shared), minimum and maximum. Shared memory thus needs no build of its
 * own.
 */
function limitsFlags(bytes: Uint8Array): number {
  const name = [...'memory'].map(character => character.charCodeAt(0));
  for (let at = 0; at < Math.min(SEARCHED, bytes.length); at++) {
    if (name.every((code, i) => bytes[at + i] === code) && bytes[at + name.length] === 2) return at + name.length + 1;
  }
  throw new RangeError('The kernel module imports no memory.');
}
