import type { Missing } from './entry.js';

/** Nodes behind several missing values; of very many only the first. */
export function nodesBehind(missing: readonly Missing[]): ReadonlySet<number> {
  const [first, ...others] = missing;
  if (!first) return new Set();
  return others.length === 0 ? first.nodes : new Set([...missing.flatMap(({ nodes }) => [...nodes])].slice(0, 100));
}
