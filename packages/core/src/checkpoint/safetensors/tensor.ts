import type { SafetensorsDtype } from './dtype.js';

/** One tensor of a safetensors file. */
export interface SafetensorsTensor {
  /** Element type. */
  readonly dtype: SafetensorsDtype;
  /** Dimensions; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** Entries, row-major and little-endian. Read tensors share the file's memory and may start at any address. */
  readonly bytes: Uint8Array;
}

/** A safetensors file in memory. */
export interface SafetensorsFile {
  /** Tensors by name, in the order of their data. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** The header's `__metadata__`; empty if it has none. */
  readonly metadata: ReadonlyMap<string, string>;
}
