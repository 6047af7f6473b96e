import { masksOfZeros } from '@espalier/core';
import type { ModelWeight } from '@espalier/core/tfjs';
import type { Upstream } from './upstream.js';

/** Masks that a network came with, of the weights that are still there. */
export function carriedMasks(upstream: Upstream, weights: readonly ModelWeight[]): Map<string, Uint8Array> {
  const known = new Set(weights.map(({ name }) => name));
  return new Map([...upstream.masks].filter(([name]) => known.has(name)));
}

/**
 * Masks of a network's weights: those that it came with, or, if these mask nothing, what its zeros say. A network that
 * was saved by something that knows no masks would otherwise become dense in the first step. Depthwise kernels, which
 * are dense by default, are among them if somebody pruned them.
 */
export function masksOf(upstream: Upstream, weights: readonly ModelWeight[]): Map<string, Uint8Array> {
  const given = carriedMasks(upstream, weights);
  if ([...given.values()].some(mask => mask.includes(0))) return given;
  const kernels = weights.flatMap(({ name, prunable, denseBecause }) => {
    const stored = upstream.weights.get(name);
    if (!stored || !(prunable || given.has(name) || denseBecause === 'depthwise')) return [];
    return [{ name, ...stored, depthwise: denseBecause === 'depthwise' && !given.has(name) }];
  });
  return masksOfZeros(kernels);
}
