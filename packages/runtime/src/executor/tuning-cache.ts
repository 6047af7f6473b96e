/**
 * Keeps what tuning found out: a `Map`, or anything that stores strings, for example on disk. Keys tell the layer's
 * shape and density, the threads, the instructions and the JavaScript engine; entries that do not fit are ignored.
 */
export interface TuningCache {
  /** The entry of a key, if there is one. */
  get(key: string): string | undefined;
  /** Stores an entry. */
  set(key: string, value: string): unknown;
}
