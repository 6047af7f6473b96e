import {
  activeMagnitude,
  checkOptions,
  global,
  InvalidOptionError,
  type LayerView,
  type OptionRules,
  type PruningMethod,
  rules,
  selectMasks,
  UnknownLayerError,
} from '@espalier/core';
import { convolutionsButFirst } from './convolutions-but-first.js';
import { type PruningAmount, pruningAmountRules, roundsOf } from './pruning-amount.js';

/** Options of {@link lthTransfer}; of `sparsity`, `rounds` and `fraction` give two, or one if the fraction is 0.2. */
export interface LthTransferOptions extends PruningAmount {
  /** Steps of training between two prunings, an integer ≥ 1 (the paper: 10 epochs). */
  readonly roundLength: number;
  /**
   * Names of prunable layers that stay dense; the rest is pruned and counted. Left out, the paper's rule holds:
   * {@link convolutionsButFirst}. Give `[]` to prune whatever the session calls prunable.
   */
  readonly except?: readonly string[] | undefined;
}

const PRE_TRAINED = 'pre-trained';

/** What each of them must be by itself. */
export const lthTransferRules: OptionRules<LthTransferOptions> = {
  ...pruningAmountRules,
  roundLength: rules.steps({ from: 1 }),
  except: rules.optional(rules.list(rules.text)),
};

/**
 * Lottery tickets of a pre-trained model (LTH-T): masks from iterative magnitude pruning, weights from the pre-trained
 * model. The result is exactly `mask · pre-trained weights`, with the pre-trained batch-norm parameters and statistics,
 * to be fine-tuned on another task; nothing has been retrained under the final mask.
 *
 * The first pruning ranks the pre-trained weights themselves, before any step. Each further round trains for
 * `roundLength` steps under the mask, prunes `fraction` of what remains in one ranking over all pruned layers, and
 * restores every weight. Layers that are not pruned keep their masks and are not counted: `sparsity` and `fraction`
 * refer to the pruned layers alone. Slots start afresh each round.
 *
 * After the last restoration the phase is `ticket`, the position stays at `roundLength`, where a loop over positions
 * ends, and `clock.round` is `options.rounds` − 1. From then on updates are skipped, so a loop that runs on leaves the
 * trained weights as they are, but layers in training mode still move their batch-norm statistics. The run takes
 * `(rounds − 1) · roundLength` steps. With a single round the ticket is there from the start; the first step is not
 * carried out, and statistics that it moves are restored.
 *
 * The paper's recipe: ImageNet ResNet-50, constant learning rate 1e-4, momentum 0.9, weight decay 1e-4, batch 256, up
 * to 19 states. Differences: the count is PyTorch's, `round(fraction · remaining)`, but with exact tie-breaking by
 * index; rounds see the data in the same order; the `sparsity` modes are ours, since powers of 0.8 hit no round target.
 *
 * Source: Chen et al. 2021, {@link https://arxiv.org/abs/2012.06908}, section 3, and the authors'
 * `main_imp_imagenet.py`.
 *
 * @param options - Length of a round, amount, and layers to leave dense.
 * @returns A method for `PruningSession.start`. It promises its `sparsity` only with `except: []`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range or the amount over- or
 *   underdetermined, and, when a session starts, if the rule finds no layer to prune.
 * @throws {@link @espalier/core!UnknownLayerError}, when a session starts, if `except` names a layer that does not
 *   exist.
 *
 * @example The paper's 89.3 % (0.8¹⁰ remain), with 500 steps between prunings.
 * ```ts
 * import { lthTransfer } from '@espalier/prune-lth';
 *
 * const method = lthTransfer({ rounds: 10, roundLength: 500 });
 * ```
 */
export function lthTransfer(options: LthTransferOptions): PruningMethod<null> {
  checkOptions<LthTransferOptions>(options, lthTransferRules);
  const { roundLength, except, sparsity } = options;
  const { count, sparsityAfter } = roundsOf(options, Math.round);
  const masksOf = (layers: readonly LayerView[], index: number): Map<string, Uint8Array> => {
    const pruned = prunedLayers(layers, except);
    return selectMasks(pruned, activeMagnitude, sparsityAfter(pruned, index), global);
  };
  const phaseAfter = (index: number): string => (index + 1 < count ? `round ${index}` : 'ticket');
  const promised = sparsity !== undefined && except?.length === 0;

  return {
    specification: 'v1',
    name: 'lth-transfer',
    citation: 'Chen et al. 2021, arXiv:2012.06908',
    options: {
      roundLength,
      rounds: count,
      sparsity: sparsity ?? null,
      fraction: sparsity !== undefined && options.rounds !== undefined ? null : (options.fraction ?? 0.2),
      except: except ? [...except] : 'all but convolutions after the first',
    },
    ...(promised ? { target: { sparsity, position: count === 1 ? 0 : roundLength - 1 } } : {}),
    start: ({ layers }) => ({
      state: null,
      snapshot: PRE_TRAINED,
      masks: masksOf(layers, 0),
      phase: phaseAfter(0),
    }),
    plan: ({ position, round }) => {
      const observe = { kind: 'weights' } as const;
      if (count === 1 && round === 0 && position === 0) return { optimizer: 'skip', observe };
      if (round + 1 >= count) return { optimizer: 'skip' };
      return position + 1 === roundLength ? { observe } : {};
    },
    decide: ({ layers, clock: { round } }) => ({
      state: null,
      ...(count === 1 ? {} : { masks: masksOf(layers, round + 1) }),
      // The ticket stays where the rounds end, so that nothing is trained after it.
      rewind: { snapshot: PRE_TRAINED, restore: round + 2 >= count ? 'weights' : 'all' },
      slots: 'reset',
      phase: phaseAfter(round + 1),
    }),
  };
}

function prunedLayers(layers: readonly LayerView[], except: readonly string[] | undefined): LayerView[] {
  const names = layers.map(({ name }) => name);
  const unknown = except?.find(name => !names.includes(name));
  if (unknown !== undefined) throw new UnknownLayerError(unknown, names, 'option "except" of lthTransfer');
  const pruned = except ? layers.filter(({ name }) => !except.includes(name)) : convolutionsButFirst(layers);
  if (pruned.length > 0) return pruned;
  const rule = except ? 'a list that leaves a layer to prune' : 'given if no convolution follows the first, e.g. []';
  throw new InvalidOptionError('except', except, rule);
}
