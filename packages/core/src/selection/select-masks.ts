import type { Distribution, ScoredLayer } from '../distribution/distribution.js';
import { requireDistribution } from '../distribution/require-distribution.js';
import { InfeasibleDistributionError } from '../errors/method-errors.js';
import { InvalidOptionError } from '../errors/option-errors.js';
import { type Amount, requireAmount } from '../mask/amount.js';
import { countOnes } from '../mask/count.js';
import type { Criterion } from '../mask/criterion.js';
import { keepTop } from '../mask/keep-top.js';
import { requireRankable } from '../mask/select.js';
import { requireStructure, type Structure } from '../mask/structure.js';
import type { LayerView } from '../method/layer.js';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';

/** Options of {@link selectMasks}. */
export interface SelectOptions {
  /**
   * Whether masked entries may become active again. If not, they rank below every active entry, and no layer keeps more
   * than it has active, so masks are nested from one selection to the next and overall sparsity never falls.
   *
   * @defaultValue false
   */
  readonly revive?: boolean | undefined;
  /**
   * How the entries that stay may lie, e.g. {@link nOfM}. It is given the distribution's count for each layer, and what
   * it keeps of masked entries while `revive` is off stays masked.
   *
   * @defaultValue {@link keepTop}: anywhere
   */
  readonly structure?: Structure | undefined;
}

/**
 * New masks for all layers: the criterion scores, the distribution says how many entries each layer keeps, and the
 * largest scores stay. Every mask that a method of these packages makes by ranking is made here.
 *
 * @param layers - Prunable weights as a method is shown them.
 * @param criterion - Scores the entries of one layer.
 * @param amount - Overall sparsity wanted, in [0, 1), or the exact number of entries that stay in all layers together:
 *   `{ kept: 1234 }`.
 * @param distribution - Spreads it over the layers, e.g. {@link uniform}, {@link global}, {@link erdosRenyiKernel}.
 * @param options - Whether masked entries may come back, and how those that stay may lie.
 * @returns One mask per layer. Without a structure, each has exactly the count of ones that the distribution returned,
 *   or all of the layer's active entries if those are fewer and `revive` is off. The counts of an exact amount add up
 *   to it.
 * @throws {@link NonFiniteScoreError} if a score is NaN; {@link InvalidOptionError} if a sparsity is outside [0, 1), a
 *   count is no integer from 1 to the number of entries, or an argument or option has the wrong type;
 *   {@link UnknownOptionError} if there is another option; {@link InfeasibleDistributionError} if the distribution
 *   cannot keep the exact count; {@link StructureMismatchError} if a layer cannot have the structure.
 *
 * @example
 * ```ts
 * import { activeMagnitude, global, selectMasks } from '@espalier/core';
 *
 * const weights = Float32Array.of(-2, 1, 0, 3);
 * const layer = { name: 'w', shape: [4], size: 4, weights, mask: Uint8Array.of(1, 1, 1, 1) };
 * selectMasks([layer], activeMagnitude, 0.5, global).get('w'); // Uint8Array [1, 0, 0, 1]
 * selectMasks([layer], activeMagnitude, { kept: 3 }, global).get('w'); // Uint8Array [1, 1, 0, 1]
 * ```
 */
export function selectMasks(
  layers: readonly LayerView[],
  criterion: Criterion,
  amount: Amount,
  distribution: Distribution,
  options: SelectOptions = {},
): Map<string, Uint8Array> {
  if (!Array.isArray(layers)) throw new InvalidOptionError('layers', layers, 'an array of layers');
  rules.function('criterion', criterion as never);
  requireAmount('amount', amount);
  requireDistribution('distribution', distribution);
  checkOptions<SelectOptions>(options, {
    revive: rules.optional(rules.boolean),
    structure: rules.optional(requireStructure),
  });
  const scored = layers.map(layer => score(layer, criterion, options.revive ?? false));
  requireRankable(
    scored.map(layer => layer.scores),
    part => scored[part]!.name,
  );
  const kept = distribution(scored, amount);
  if (typeof amount !== 'number') requireSum(kept, scored, amount.kept, distribution.name);
  const { structure } = options;
  return new Map(
    scored.map(layer => {
      const count = kept.get(layer.name) ?? layer.size;
      return [layer.name, structure ? shaped(layer, count, structure) : unshaped(layer, count)];
    }),
  );
}

/** Refuses counts that miss an exact count, as those of a distribution may that knows sparsities alone. */
function requireSum(
  kept: ReadonlyMap<string, number>,
  layers: readonly ScoredLayer[],
  wanted: number,
  distribution: string,
): void {
  const sum = layers.reduce((total, { name, size }) => total + (kept.get(name) ?? size), 0);
  if (sum === wanted) return;
  const reason = `It keeps ${sum} entries where exactly ${wanted} were asked for. Give each layer its share with "proportional".`;
  throw new InfeasibleDistributionError(distribution, reason);
}

/** A layer with its scores and, where masked entries must not come back, its mask. */
interface Candidate extends ScoredLayer {
  readonly allowed?: Uint8Array;
}

function score(layer: LayerView, criterion: Criterion, revive: boolean): Candidate {
  const { name, shape, size, kind, axes, mask } = layer;
  const known = { name, shape, size, ...(kind ? { kind } : {}), ...(axes ? { axes } : {}) };
  const scores = criterion(layer);
  if (revive || countOnes(mask) === size) return { ...known, scores };
  return { ...known, scores: scores.map((value, i) => (mask[i] ? value : -Infinity)), allowed: mask };
}

function unshaped({ name, size, scores, allowed }: Candidate, count: number): Uint8Array {
  return keepTop(scores, Math.min(allowed ? countOnes(allowed) : size, count), name);
}

function shaped({ name, shape, scores, allowed }: Candidate, count: number, structure: Structure): Uint8Array {
  const mask = structure(scores, count, shape, name);
  return allowed ? mask.map((bit, i) => bit & allowed[i]!) : mask;
}
