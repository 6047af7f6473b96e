import {
  type Criterion,
  checkOptions,
  countOnes,
  type Distribution,
  global,
  InvalidOptionError,
  type LayerView,
  type OptionRules,
  type PruningMethod,
  requireDistribution,
  requireSparsity,
  requireStructure,
  rules,
  type Structure,
  selectMasks,
  uniform,
} from '@espalier/core';
import { denseTwinSnapshot } from './dense-twin.js';
import { acdcPhases, type PhaseKind, type PhaseLengths, phaseLengthRules, requireLengths } from './phases.js';

/** Options of {@link acdc}. */
export interface AcdcOptions {
  /**
   * Overall fraction of prunable entries that are masked in every sparse phase, in [0, 1). With an N:M structure it
   * must be the structure's own: 0.5 for 2:4.
   *
   * @see Peste et al. 2021: 0.8 to 0.98 on ImageNet.
   */
  readonly sparsity: number;
  /** Lengths of the phases, in steps. */
  readonly phases: PhaseLengths;
  /**
   * How the sparsity is spread over the layers. It is evaluated anew at the start of every sparse phase.
   *
   * @defaultValue `global`, one ranking over all layers; `uniform` if the structure has a sparsity of its own
   */
  readonly distribution?: Distribution | undefined;
  /**
   * How the active entries may lie, e.g. `nOfM(2, 4)`. Layers that cannot have it must be left dense by the
   * distribution.
   *
   * @defaultValue anywhere
   */
  readonly structure?: Structure | undefined;
}

/** What each of them must be by itself. */
export const acdcRules: OptionRules<AcdcOptions> = {
  sparsity: requireSparsity,
  phases: rules.object(phaseLengthRules),
  distribution: rules.optional(requireDistribution),
  structure: rules.optional(requireStructure),
};

/**
 * AC/DC, alternating compressed / decompressed training: dense phases, in which all weights train, and sparse ones, in
 * which only the largest do, take turns from a dense warm-up to a sparse end.
 *
 * - Entering a sparse phase, the entries with the largest `|w|` of *all* are kept, at the full sparsity at once. What
 *   was masked in the last sparse phase competes again, so masks are not nested. Active weights do not change.
 * - Entering a dense phase, all masks become ones; weights that were masked start from exactly 0, and every optimizer
 *   slot is reset, those of active weights too, together with Adam's bias correction.
 * - A model that starts masked is decompressed at once, since the first phase is dense.
 * - The weights at the end of the last dense phase are kept as a snapshot; {@link denseTwin} makes a model of them.
 *
 * Changes take effect after the last step of the phase before. Learning rate and weight decay are yours; phases do not
 * touch them.
 *
 * Differences from the paper's code: the number of active entries is exact (the code keeps one fewer, ties aside), and
 * ties go to the lower index; every prunable weight takes part, where its uniform runs leave the first convolution and
 * the classifier dense (`withRules` can, too); with N:M, groups never run over pixels or filters, so a layer whose
 * inputs are no multiple of M must stay dense, or its last inputs (`nOfM(2, 4, { rest: 'dense' })`: the sparsity is
 * then less than asked for, and the method has no `target`); with Adam, a reset includes the step counter, on which the
 * paper, which uses SGD, says nothing.
 *
 * Source: Peste et al. 2021, "AC/DC: Alternating Compressed/DeCompressed Training of Deep Neural Networks",
 * {@link https://arxiv.org/abs/2106.12379}, algorithm 1.
 *
 * @param options - Sparsity and phases; if wanted, distribution and structure.
 * @returns A method for `PruningSession.start`, whose phases are named `dense` and `sparse`. With a structure, starting
 *   throws {@link @espalier/core!StructureMismatchError} if a layer cannot have it.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example 90 % in 17 epochs of 100 steps: dense 0-1, sparse 2-4, dense 5-7, sparse 8-10, dense 11-13, sparse 14-16.
 * ```ts
 * import { acdc } from '@espalier/prune-acdc';
 *
 * const method = acdc({ sparsity: 0.9, phases: { total: 1700, warmup: 200, sparse: 300, dense: 300 } });
 * method.target; // { sparsity: 0.9, position: 1399 }
 * ```
 */
export function acdc(options: AcdcOptions): PruningMethod<PhaseKind> {
  checkOptions<AcdcOptions>(options, acdcRules);
  const { sparsity, structure } = options;
  requireSameSparsity(sparsity, structure);
  const distribution: Distribution = options.distribution ?? (structure?.sparsity === undefined ? global : uniform);
  const lengths = requireLengths(options.phases);
  const phases = acdcPhases(lengths);
  const lastCompression = (phases.at(-1)?.start ?? 0) - 1;
  const phaseAt = (position: number): PhaseKind => phases.find(({ end }) => position < end)?.kind ?? 'sparse';
  const compress = (layers: readonly LayerView[]): Map<string, Uint8Array> =>
    selectMasks(layers, magnitudeOfAll, sparsity, distribution, { revive: true, ...(structure ? { structure } : {}) });

  return {
    specification: 'v1',
    name: 'acdc',
    citation: 'Peste et al. 2021, arXiv:2106.12379',
    options: {
      sparsity,
      phases: { ...lengths },
      distribution: distribution.name,
      structure: structure ? structure.name : 'unstructured',
    },
    ...(distribution.partial || structure?.partial ? {} : { target: { sparsity, position: lastCompression } }),

    start({ layers }) {
      distribution.requireLayers?.(layers);
      if (structure) compress(layers); // a layer that cannot have the structure stops the run here, not in mid-training
      const dense = layers.every(({ mask, size }) => countOnes(mask) === size);
      return { state: 'dense', phase: 'dense', ...(dense ? {} : { masks: decompress(layers) }) };
    },
    plan({ position }, phase) {
      const next = phaseAt(position + 1);
      if (next === phase) return {};
      return { observe: { kind: next === 'sparse' ? 'weights' : 'clock' } };
    },
    decide({ layers, clock }, phase) {
      if (phase === 'sparse') return { state: 'dense', phase: 'dense', masks: decompress(layers), slots: 'reset' };
      const snapshot = clock.position === lastCompression ? { snapshot: denseTwinSnapshot } : {};
      return { state: 'sparse', phase: 'sparse', masks: compress(layers), ...snapshot };
    },
  };
}

/** `|w|` whatever the mask, since every entry may come back. */
const magnitudeOfAll: Criterion = ({ weights }) => weights.map(Math.abs);

function decompress(layers: readonly LayerView[]): Map<string, Uint8Array> {
  return new Map(layers.map(({ name, size }) => [name, new Uint8Array(size).fill(1)]));
}

function requireSameSparsity(sparsity: number, structure: Structure | undefined): void {
  const own = structure?.sparsity;
  if (own === undefined || Math.abs(sparsity - own) < 1e-9) return;
  throw new InvalidOptionError('sparsity', sparsity, `${own}, the sparsity of the structure ${structure?.name}`);
}
