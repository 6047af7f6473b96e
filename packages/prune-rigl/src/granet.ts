import { activeMagnitude, countOnes, isDue, type LayerView, type PruningMethod, selectMasks } from '@espalier/core';
import { dropAndGrow, gradientGrowth } from './drop-and-grow.js';
import { type GraNetOptions, graNetPlan } from './granet-options.js';
import { randomMasks } from './random-masks.js';

/**
 * GraNet: gradual pruning with zero-cost neuroregeneration. At every position of the cadence, after the optimizer's
 * step, (1) the overall sparsity rises along the cubic schedule and the smallest `|w|` over all layers are masked, then
 * (2) each layer drops `ceil(r · active)` of its smallest active entries and grows as many where the step's dense
 * gradient is largest. After `cadence.end` only (2) goes on, until training ends.
 *
 * Regeneration changes no layer's count. What (1) masks and (2) grows again in the same step starts from 0, its slots
 * too; what (2) itself drops and grows again keeps its weight and slots. A model that is masked already keeps its
 * masked entries masked at the start, and stays sparser than the schedule until the schedule overtakes it.
 *
 * Differences from the authors' code: the schedule reaches its target at `cadence.end` (theirs stops one update short);
 * counts are exact, also of the initial masks (theirs on CIFAR are coin flips, and ties are dropped together); the last
 * step of training regenerates nothing, since nothing could be trained after it; where a gradient is exactly 0, entries
 * that are active come before masked ones; `distribution: uniform` prunes the classifier like any layer, while their
 * layerwise variant keeps 20 % of it from sparsity 0.8 on (as `uniformPlus` does).
 *
 * Source: Liu et al. 2021, "Sparse training via boosting pruning plasticity with neuroregeneration",
 * {@link https://arxiv.org/abs/2106.10404}, section 4.
 *
 * @param options - Target, cadence, length of training and, if wanted, the rest.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example From 50 % to 90 % in the first half of 1000 steps.
 * ```ts
 * import { granet } from '@espalier/prune-rigl';
 *
 * const method = granet({ sparsity: 0.9, cadence: { start: 0, end: 500, every: 50 }, trainingSteps: 1000 });
 * ```
 */
export function granet(options: GraNetOptions): PruningMethod<null> {
  const { sparsityAt, fractionAt, distribution, initialDistribution, ...plan } = graNetPlan(options);
  const { sparsity, initialSparsity, trainingSteps, regrowFraction, finalRegrowFraction } = plan;
  const { start, end, every } = plan.cadence;
  const regeneratesAlone = (position: number): boolean =>
    position > end && position < trainingSteps - 1 && (position - start) % every === 0;

  return {
    specification: 'v1',
    name: 'granet',
    citation: 'Liu et al. 2021, arXiv:2106.10404',
    options: {
      sparsity,
      cadence: { start, end, every },
      trainingSteps,
      initialSparsity,
      regrowFraction,
      finalRegrowFraction,
      distribution: distribution.name,
      initialDistribution: initialDistribution.name,
    },
    ...(distribution.partial ? {} : { target: { sparsity, position: end } }),
    start: view => {
      distribution.requireLayers?.(view.layers);
      initialDistribution.requireLayers?.(view.layers);
      if (initialSparsity === 0) return { state: null };
      return { state: null, masks: randomMasks(view, initialSparsity, initialDistribution, { revive: false }) };
    },
    plan: ({ position }) =>
      isDue(plan.cadence, position) || regeneratesAlone(position) ? { observe: { kind: 'gradients' } } : {},
    decide: ({ layers, clock: { position } }) => {
      const pruned =
        position > end
          ? new Map(layers.map(({ name, mask }) => [name, mask]))
          : selectMasks(layers, activeMagnitude, sparsityAt(position), distribution);
      const fraction = fractionAt(position);
      const masks = new Map<string, Uint8Array>();
      const weights = new Map<string, Float32Array>();
      const slots = new Map<string, Uint8Array>();
      for (const layer of layers) {
        const mask = pruned.get(layer.name) ?? layer.mask;
        const regenerated = regenerate({ ...layer, mask }, fraction);
        masks.set(layer.name, regenerated);
        const regrown = regenerated.map((bit, i) => bit & (1 - (mask[i] ?? 0)));
        weights.set(layer.name, fromZero(layer, regrown));
        slots.set(layer.name, regrown);
      }
      return { state: null, masks, weights, slots };
    },
  };
}

/** Exchanges `ceil(fraction · active)` connections of a layer. */
function regenerate(layer: LayerView, fraction: number): Uint8Array {
  return dropAndGrow(layer, Math.ceil(fraction * countOnes(layer.mask)), gradientGrowth(layer));
}

/** The weights, with 0 where an entry was masked by pruning and grown again. */
function fromZero({ weights }: LayerView, regrown: Uint8Array): Float32Array {
  return weights.map((weight, i) => (regrown[i] ? 0 : weight));
}
