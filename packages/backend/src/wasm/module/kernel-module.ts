import { WasmKernelsError } from '../errors.js';
import type { WasmBackend } from '../wasm-backend.js';
import { kernelBinary } from './kernel-binary.js';
import { relaxedSimdKernelBinary } from './kernel-binary-relaxed-simd.js';
import type { KernelExports } from './kernel-exports.js';
import { guardMemory } from './memory.js';

let compiled: WebAssembly.Module | undefined;
let fuses = false;
const instances = new WeakMap<object, KernelExports>();

/**
 * Compiles our kernels, with fused multiply-add (relaxed SIMD) where the engine has it. Later calls do nothing.
 */
export async function compileKernels(): Promise<void> {
  if (compiled !== undefined) return;
  const relaxed = decode(relaxedSimdKernelBinary);
  fuses = WebAssembly.validate(relaxed);
  const bytes = fuses ? relaxed : decode(kernelBinary);
  if (!WebAssembly.validate(bytes)) {
    throw new WasmKernelsError(
      'this engine has no WebAssembly SIMD',
      'Use Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or later.',
    );
  }
  compiled = await WebAssembly.compile(bytes);
}

/** Whether the compiled kernels multiply and add in one rounding. */
export function kernelsFuse(): boolean {
  return compiled !== undefined && fuses;
}

/**
 * Makes our kernels ready for a backend. Browsers that refuse to instantiate a module synchronously on the main thread
 * need this before the first kernel runs; {@link kernelsOf} does without where it can.
 */
export async function prepareBackend(backend: WasmBackend): Promise<void> {
  if (instances.has(backend)) return;
  const instance = await WebAssembly.instantiate(requireCompiled(), importsFor(backend));
  guardMemory(backend);
  instances.set(backend, instance.exports as unknown as KernelExports);
}

/** Our kernels, working on the memory of this backend. */
export function kernelsOf(backend: WasmBackend): KernelExports {
  const known = instances.get(backend);
  if (known !== undefined) return known;
  const instance = new WebAssembly.Instance(requireCompiled(), importsFor(backend));
  const kernels = instance.exports as unknown as KernelExports;
  guardMemory(backend);
  instances.set(backend, kernels);
  return kernels;
}

function requireCompiled(): WebAssembly.Module {
  if (compiled !== undefined) return compiled;
  throw new WasmKernelsError('they are not compiled', 'Await registerWasmTrainingKernels() first.');
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
}

/** The memory of TensorFlow.js' own WASM module, the one export that is a memory, as our module imports it. */
function importsFor(backend: WasmBackend): WebAssembly.Imports {
  const memory = Object.values(backend.wasm.asm ?? {}).find(value => value instanceof WebAssembly.Memory);
  if (memory === undefined) {
    throw new WasmKernelsError(
      'the memory of TensorFlow.js cannot be reached; its threaded build hides it',
      "Call tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false) before the wasm backend starts.",
    );
  }
  return { env: { memory: memory as WebAssembly.Memory } };
}
