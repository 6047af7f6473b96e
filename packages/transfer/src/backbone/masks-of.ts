import type { ModelWeight } from '@espalier/core/tfjs';
import type { Upstream } from './upstream.js';

/** Masks that a network came with, of the weights that are still there. */
export function carriedMasks(upstream: Upstream, weights: readonly ModelWeight[]): Map<string, Uint8Array> {
  const known = new Set(weights.map(({ name }) => name));
  return new Map([...upstream.masks].filter(([name]) => known.has(name)));
}

/**
 * Masks of a network's weights: those that it came with, or, if these mask nothing, the entries that are not 0. A
 * network that was saved by something that knows no masks would otherwise become dense in the first step. Depthwise
 * kernels, which are dense by default, are among them if somebody pruned them.
 */
export function masksOf(upstream: Upstream, weights: readonly ModelWeight[]): Map<string, Uint8Array> {
  const given = carriedMasks(upstream, weights);
  if ([...given.values()].some(mask => mask.includes(0))) return given;
  const valuesOf = (name: string): Float32Array => upstream.weights.get(name)?.values ?? new Float32Array();
  const prunable = weights.filter(({ name, prunable, denseBecause }) => {
    return prunable || given.has(name) || (denseBecause === 'depthwise' && valuesOf(name).includes(0));
  });
  return new Map(
    prunable.map(({ name }) => {
      const values = valuesOf(name);
      return [name, Uint8Array.from(values, value => (value === 0 ? 0 : 1))];
    }),
  );
}
