import type { Missing } from './entry.js';
import type { NodeCall } from './node-call.js';
import { curvesOf } from './operations/chains.js';

/** Operations that no layer computes by themselves, but inside an activation. */
export const partsOfActivations: ReadonlySet<string> = new Set(['Abs', 'Erf', 'Exp', 'Log', 'Reciprocal', 'Sqrt']);

/** Nodes behind several missing values; of very many only the first. */
export function nodesBehind(missing: readonly Missing[]): ReadonlySet<number> {
  const [first, ...others] = missing;
  if (!first) return new Set();
  return others.length === 0 ? first.nodes : new Set([...missing.flatMap(({ nodes }) => [...nodes])].slice(0, 100));
}

/** How a value depends on those before it, if that can be told. */
export function curvesIfAny(call: NodeCall): Missing['curves'] {
  try {
    return curvesOf(call);
  } catch {
    return [];
  }
}
