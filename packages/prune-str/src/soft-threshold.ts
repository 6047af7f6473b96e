import {
  cadenceJson,
  checkOptions,
  isDue,
  type LayerView,
  NonFiniteScoreError,
  type PruningMethod,
} from '@espalier/core';
import { shiftThresholds } from './controller.js';
import { controllerPlan } from './controller-plan.js';
import { paperInitialThreshold, paperThresholdDecay } from './defaults.js';
import { type SoftThresholdOptions, softThresholdRules } from './soft-threshold-options.js';
import { softThresholding, threshold } from './soft-thresholding.js';
import { thresholdRules } from './threshold-function.js';

/**
 * STR, soft threshold weight reparameterization: the model computes with `sign(w) · relu(|w| − g(s))`, where `s`, one
 * number for each layer, is trained like a weight. Each layer so learns its own sparsity.
 *
 * - Weights at or below their layer's threshold are 0 and get no gradient of the loss; weight decay goes on shrinking
 *   them. Those above it are shrunk by the threshold; the result must be baked, not masked.
 * - At the start `g(s)` is 0, and so is its slope: only the decay of `s` moves it. Use an optimizer with coupled decay,
 *   SGD with or without momentum, as in the paper; Adam scales the decay away.
 * - **The final sparsity cannot be chosen** through these options; it follows from decay, learning rate and length of
 *   the training, and may be 0. The method then has no `target`. Search for a decay with {@link predictThreshold}, or
 *   give `sparsity`.
 * - With `sparsity`, at the positions of a cadence all thresholds move by one amount, up or down, so that as many
 *   entries are above them as a cubic schedule wants; the differences between layers that training has made stay. The
 *   masks at `end` have exactly the count of the target. While the schedule wants nothing, thresholds are left alone.
 *   Layers whose thresholds the data pulls down least become the sparsest, also extremely sparse; look at them before
 *   you trust a result.
 *
 * Differences from the paper: the controller and baking before the end are ours. Every prunable weight takes part, as
 * in the paper's code. With the controller, entries within 0.01 % above the threshold at `end` may be masked to hit the
 * count, and no sigmoid can reach weights of absolute value 1 or more, which only the masks at `end` can prune. A
 * weight that is exactly 0 gets no gradient even under a threshold of 0, as by the paper's code, so do not start a
 * kernel from zeros. Masks that a session is given hold throughout.
 *
 * Source: Kusupati et al. 2020, "Soft Threshold Weight Reparameterization for Learnable Sparsity",
 * {@link https://arxiv.org/abs/2002.03231}, section 3.
 *
 * @param options - When to bake; initial value, decay and form of the thresholds; if wanted, the controller.
 * @returns A method for `PruningSession.start`, whose phases are named `soft` and `baked`. A decision throws
 *   {@link @espalier/core!NonFiniteScoreError} if weights or thresholds have become NaN, which the model shows as
 *   zeros.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range, or belongs to the controller and
 *   `sparsity` is missing.
 *
 * @example As in the paper, and with a sparsity of one's own.
 * ```ts
 * import { softThreshold } from '@espalier/prune-str';
 *
 * softThreshold({ end: 100 * 5005 - 1 }).target; // undefined
 * const method = softThreshold({ end: 1000, sparsity: 0.9, initialThreshold: -100, thresholdDecay: 5e-4 });
 * method.target; // { sparsity: 0.9, position: 1000 }
 * ```
 */
export function softThreshold(options: SoftThresholdOptions): PruningMethod<null> {
  checkOptions<SoftThresholdOptions>(options, softThresholdRules);
  const { end, initialThreshold = paperInitialThreshold, thresholdDecay = paperThresholdDecay } = options;
  const { thresholdFunction = 'sigmoid' } = options;
  const rule = thresholdRules[thresholdFunction];
  const controller = controllerPlan(options);

  return {
    specification: 'v1',
    name: 'soft-threshold',
    citation: 'Kusupati et al. 2020, arXiv:2002.03231',
    options: {
      end,
      initialThreshold,
      thresholdDecay,
      thresholdFunction,
      ...(controller && {
        sparsity: controller.sparsity,
        cadence: cadenceJson(controller.cadence),
        schedule: options.schedule ? 'custom' : 'cubic',
      }),
    },
    ...(controller && { target: { sparsity: controller.sparsity, position: end } }),
    reparameterization: softThresholding(rule, initialThreshold, thresholdDecay),

    start: () => ({ state: null, phase: 'soft' }),
    plan({ position }) {
      const due = position === end || (controller && isDue(controller.cadence, position));
      return due ? { observe: { kind: 'weights' } } : {};
    },
    decide({ layers, clock: { position } }) {
      const baked = { state: null, bake: true, phase: 'baked' };
      if (!controller) return { ...baked, masks: nonzero(layers) };
      const sparsity = controller.schedule(position);
      if (position === end) return { ...baked, ...shiftThresholds(layers, sparsity, rule) };
      if (sparsity === 0) return { state: null };
      return { state: null, parameters: shiftThresholds(layers, sparsity, rule).parameters };
    },
  };
}

/**
 * What the thresholds left. A NaN, of a run that diverged, is above no threshold, and would be masked as if it were
 * small.
 */
function nonzero(layers: readonly LayerView[]): Map<string, Uint8Array> {
  return new Map(
    layers.map(({ name, weights, raw = weights, parameters }) => {
      const level = parameters?.[threshold] ?? 0;
      const diverged = raw.findIndex(value => Number.isNaN(value + level));
      if (diverged >= 0) throw new NonFiniteScoreError(name, diverged);
      return [name, Uint8Array.from(weights, value => (value === 0 ? 0 : 1))];
    }),
  );
}
