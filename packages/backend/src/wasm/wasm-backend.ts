import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** The parts of tfjs-backend-wasm's backend that kernels use. */
export interface WasmBackend {
  readonly wasm: {
    _malloc: (bytes: number) => number;
    _free: (address: number) => void;
    readonly asm: Readonly<Record<string, unknown>>;
    readonly HEAPU8: Uint8Array;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput: (shape: number[], dtype: DataType, ...rest: unknown[]) => TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
  disposeData: (dataId: object, ...force: boolean[]) => boolean;
  incRef: (dataId: object) => void;
}
