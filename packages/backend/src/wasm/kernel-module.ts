import { WasmKernelsError } from './errors.js';
import type { WasmBackend } from './heap.js';
import { kernelBinary } from './kernel-binary.js';
import type { KernelExports } from './kernel-exports.js';

let compiled: WebAssembly.Module | undefined;
const instances = new WeakMap<object, KernelExports>();

/** Compiles our kernels. Later calls do nothing. */
export async function compileKernels(): Promise<void> {
  if (compiled !== undefined) return;
  const bytes = Uint8Array.from(atob(kernelBinary), character => character.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) {
    throw new WasmKernelsError(
      'this engine has no WebAssembly SIMD',
      'Use Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or later.',
    );
  }
  compiled = await WebAssembly.compile(bytes);
}

/** Our kernels, working on the memory of this backend. */
export function kernelsOf(backend: WasmBackend): KernelExports {
  const known = instances.get(backend);
  if (known !== undefined) return known;
  if (compiled === undefined)
    throw new WasmKernelsError('they are not compiled', 'Await registerWasmTrainingKernels() first.');
  const instance = new WebAssembly.Instance(compiled, { env: { memory: memoryOf(backend) } });
  const kernels = instance.exports as unknown as KernelExports;
  instances.set(backend, kernels);
  return kernels;
}

/** The memory of TensorFlow.js' own WASM module: the one export that is a memory. */
function memoryOf(backend: WasmBackend): WebAssembly.Memory {
  const memory = Object.values(backend.wasm.asm ?? {}).find(value => value instanceof WebAssembly.Memory);
  if (memory === undefined) {
    throw new WasmKernelsError(
      'the memory of TensorFlow.js cannot be reached; its threaded build hides it',
      "Call tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false) before the wasm backend starts.",
    );
  }
  return memory as WebAssembly.Memory;
}
