import type { TuningCache } from '@espalier/runtime';

/** A cache that ends tuning at the next layer once the signal is aborted. */
export function abortableCache(signal: AbortSignal | undefined): TuningCache {
  const choices = new Map<string, string>();
  return {
    get: key => {
      signal?.throwIfAborted();
      return choices.get(key);
    },
    set: (key, choice) => void choices.set(key, choice),
  };
}
