import { getKernelsForBackend, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { WasmCrashError } from './errors.js';
import { guardMemory } from './module/memory.js';
import { afterFailure, afterSuccess } from './tape.js';
import type { WasmBackend } from './wasm-backend.js';

const guarded: unique symbol = Symbol.for('espalier.guardedKernel') as never;

/** A kernel that cleans up when it fails; it carries the one that it calls. */
type Guarded = KernelFunc & { readonly [guarded]?: KernelFunc };

/**
 * Lets every kernel of the wasm backend give back what it holds when it fails, and say by a code what happened. Kernels
 * that are guarded already stay as they are.
 */
export function guardKernels(): void {
  for (const config of getKernelsForBackend('wasm')) {
    const own: Guarded = config.kernelFunc;
    if (own[guarded] !== undefined) continue;
    const kernelFunc: Guarded = call => {
      const backend = call.backend as WasmBackend;
      return orUndone(backend, config.kernelName, () => own(call));
    };
    unregisterKernel(config.kernelName, 'wasm');
    registerKernel({ ...config, kernelFunc: Object.assign(kernelFunc, { [guarded]: own }) });
  }
}

/** The kernel that a guarded one calls, or the kernel itself. */
export function unguarded(kernel: KernelFunc): KernelFunc {
  return (kernel as Guarded)[guarded] ?? kernel;
}

function orUndone<Result>(backend: WasmBackend, kernel: string, run: () => Result): Result {
  const { entries } = guardMemory(backend);
  const before = entries.length;
  try {
    const result = run();
    afterSuccess();
    return result;
  } catch (error) {
    for (const dataId of entries.splice(before).reverse()) backend.disposeData(dataId);
    afterFailure();
    throw error instanceof WebAssembly.RuntimeError ? new WasmCrashError(kernel, error) : error;
  } finally {
    entries.splice(before);
  }
}
