import {
  activeMagnitude,
  type Criterion,
  type Decision,
  type LayerView,
  type RandomStreams,
  selectMasks,
} from '@espalier/core';
import type { Partitioned } from './options.js';

/** Masks with which a run begins, for all layers. */
export function initialSelection(
  layers: readonly LayerView[],
  { initialMasks, sparsity, distribution }: Partitioned,
  random: RandomStreams,
): Map<string, Uint8Array> {
  const byChance: Criterion = ({ name, size }) => {
    const next = random(`initial mask of ${name}`);
    return Float32Array.from({ length: size }, next);
  };
  return selectMasks(layers, initialMasks === 'random' ? byChance : activeMagnitude, sparsity, distribution);
}

/**
 * The masks of a turn: all ones for the layers that grow, the sparse ones for the others. Layers that are to be pruned
 * before they grow lose the weights that the sparse masks leave out, and train on from 0 there; all others keep theirs.
 */
export function growAfterPruning(
  layers: readonly LayerView[],
  sparse: ReadonlyMap<string, Uint8Array>,
  growing: readonly string[],
  prunedFirst: (layer: LayerView) => boolean,
): Pick<Decision, 'masks' | 'weights'> {
  const masks = new Map(sparse);
  const weights = new Map<string, Float32Array>();
  for (const layer of layers) {
    const { name, size } = layer;
    if (!growing.includes(name)) continue;
    const kept = sparse.get(name);
    masks.set(name, new Uint8Array(size).fill(1));
    if (kept && prunedFirst(layer)) {
      weights.set(
        name,
        layer.weights.map((weight, i) => (kept[i] ? weight : 0)),
      );
    }
  }
  return weights.size > 0 ? { masks, weights } : { masks };
}
