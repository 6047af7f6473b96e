import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../wasm-backend.js';
import type { KernelExports } from './kernel-exports.js';
import { kernelsOf } from './kernel-module.js';

/** Numbers on the heap, of the type that belongs to the tensor's dtype. */
export type HeapValues = Float32Array | Int32Array | Uint8Array;

/**
 * What one kernel call works with: our compiled kernels, the addresses of tensors, and scratch memory on TensorFlow.js'
 * own heap. Everything allocated through it is freed when {@link withHeap} returns.
 */
export class Heap {
  readonly kernels: KernelExports;
  readonly #scratch: number[] = [];

  constructor(readonly backend: WasmBackend) {
    this.kernels = kernelsOf(backend);
  }

  /** Address of a tensor's first element. It stays valid while the tensor lives, also when the memory grows. */
  address(tensor: TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** The numbers of a tensor where they lie. Valid until memory is next asked for, which may move the heap. */
  values(tensor: TensorInfo): HeapValues {
    return this.backend.typedArrayFromHeap(tensor);
  }

  /** Whether -Infinity is among the numbers of a tensor of floats: XNNPACK gives it in place of NaN. */
  holdsLowest(tensor: TensorInfo): boolean {
    return this.kernels.holdsLowest(this.address(tensor), util.sizeFromShape(tensor.shape)) !== 0;
  }

  /** A new tensor whose content is not set. */
  output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    return this.backend.makeOutput([...shape], dtype);
  }

  /** Scratch space for `floats` numbers, its content not set. */
  scratch(floats: number): number {
    const address = this.backend.wasm._malloc(Math.max(1, floats) * 4);
    this.#scratch.push(address);
    return address;
  }

  /** Scratch space full of zeros. */
  zeros(floats: number): number {
    const address = this.scratch(floats);
    this.kernels.clear(address, floats * 4);
    return address;
  }

  /** Scratch space full of ones. */
  ones(floats: number): number {
    const address = this.scratch(floats);
    new Float32Array(this.backend.wasm.HEAPU8.buffer, address, floats).fill(1);
    return address;
  }

  /** Frees all scratch space. */
  release(): void {
    for (const address of this.#scratch.splice(0)) this.backend.wasm._free(address);
  }
}

/** Runs `work` with a heap whose scratch space is freed afterwards, also when `work` throws. */
export function withHeap<Result>(backend: object, work: (heap: Heap) => Result): Result {
  const heap = new Heap(backend as WasmBackend);
  try {
    return work(heap);
  } finally {
    heap.release();
  }
}
