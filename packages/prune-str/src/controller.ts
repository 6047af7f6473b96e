import { type Criterion, type Decision, global, type LayerView, selectMasks } from '@espalier/core';
import { threshold } from './soft-thresholding.js';
import type { ThresholdRule } from './threshold-function.js';

/** How far below the weakest active entry the thresholds come to lie, in units of `s`: 0.01 % of a small threshold. */
const margin = 1e-4;

/**
 * Moves all thresholds by one amount, so that as many entries are above them as a sparsity wants.
 *
 * An entry is above its layer's threshold after a shift by `d` if and only if `inverse(|raw|) − s > d`. Ranking all
 * entries of all layers by that difference therefore gives the exact count, and the shift, without a search.
 */
export function shiftThresholds(
  layers: readonly LayerView[],
  sparsity: number,
  rule: ThresholdRule,
): Required<Pick<Decision, 'masks' | 'parameters'>> {
  // Differences from the highest threshold are small numbers, which single precision ranks finely.
  const highest = Math.max(...layers.map(thresholdOf));
  const slack: Criterion = layer => {
    const below = thresholdOf(layer) - highest;
    return rawOf(layer).map(value => rule.inverse(Math.abs(value)) - below);
  };
  const masks = selectMasks(layers, slack, sparsity, global);
  const weakest = Math.min(...layers.map(layer => lowestKept(slack(layer), masks.get(layer.name))));
  const move = Number.isFinite(weakest) ? weakest - margin - highest : 0;
  return { masks, parameters: new Map(layers.map(layer => [layer.name, { [threshold]: thresholdOf(layer) + move }])) };
}

/** The smallest finite score that a mask keeps; entries of exactly 0 are above no threshold. */
function lowestKept(scores: Float32Array, mask: Uint8Array | undefined): number {
  let lowest = Infinity;
  scores.forEach((score, i) => {
    if (mask?.[i] && Number.isFinite(score) && score < lowest) lowest = score;
  });
  return lowest;
}

function rawOf({ name, raw }: LayerView): Float32Array {
  if (!raw) throw new TypeError(`The session shows no raw weights of "${name}".`);
  return raw;
}

function thresholdOf({ name, parameters }: LayerView): number {
  const value = parameters?.[threshold];
  if (value === undefined) throw new TypeError(`The session shows no threshold of "${name}".`);
  return value;
}
