import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { WasmUnsupportedError } from '../errors.js';
import { type Heap, withHeap } from '../module/heap.js';

/** What a kernel of ours does: reads `inputs` and `attributes`, writes new tensors. */
export interface Kernel {
  /** TensorFlow.js' name of the kernel. */
  readonly name: string;
  /**
   * Computes the outputs, or returns undefined to leave the case to TensorFlow.js' own kernel, which `own` calls for
   * those that look at what it gives.
   */
  run(
    heap: Heap,
    inputs: NamedTensorInfoMap,
    attributes: NamedAttrMap,
    own: () => TensorInfo,
  ): TensorInfo | TensorInfo[] | undefined;
}

/** Registers the kernel on the wasm backend. TensorFlow.js' own kernel of that name serves the cases it leaves. */
export function replaceKernel(kernel: Kernel): void {
  const own = getKernel(kernel.name, 'wasm') as KernelConfig | undefined;
  if (own !== undefined) unregisterKernel(kernel.name, 'wasm');
  registerKernel({
    // A backend that is started again sets up the kernels it finds registered, so the own kernel's set-up stays.
    ...own,
    kernelName: kernel.name,
    backendName: 'wasm',
    kernelFunc: call => {
      const callOwn = (): TensorInfo | TensorInfo[] => {
        if (own !== undefined) return own.kernelFunc(call);
        throw new WasmUnsupportedError(kernel.name, 'These inputs are not among those it takes.');
      };
      const one = (): TensorInfo => callOwn() as TensorInfo;
      return withHeap(call.backend, heap => kernel.run(heap, call.inputs, call.attrs ?? {}, one)) ?? callOwn();
    },
  });
}

/** An input that the kernel cannot do without. */
export function input(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const tensor = inputs[name];
  if (tensor === undefined) throw new Error(`Input "${name}" is missing.`);
  return tensor;
}
