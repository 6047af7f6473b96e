import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';
import type { RandomStreams } from '../random/streams.js';
import type { Criterion } from './criterion.js';
import { requireScorable } from './require-layer.js';

/** Options of {@link randomScores}. */
export interface RandomScoresOptions {
  /**
   * Whether masked entries are scored too, for a selection that may bring them back ({@link SelectOptions.revive}). If
   * not, they score −1.
   *
   * @defaultValue false
   */
  readonly revive?: boolean | undefined;
}

/**
 * A criterion that scores by chance, the baseline of every other one: uniform numbers in [0, 1) on active entries, −1
 * on masked ones unless `revive` is on.
 *
 * Each layer has a stream of its own, `scores/<layer>`, and every entry takes one number of it, also a masked one. The
 * scores are therefore a function of the session's seed, the step, the layer's name and the entry's place alone: the
 * same in every process, on every backend, and whatever the other layers and the masks are. A number has 32 random
 * bits, of which a score keeps 24.
 *
 * @param random - The random streams of the step: {@link StepView.random} in a method, or {@link randomStreams}.
 * @param options - Whether masked entries may come back.
 * @returns A criterion for {@link selectMasks}.
 * @throws {@link InvalidOptionError} if `random` is no function or an option has the wrong type;
 *   {@link UnknownOptionError} if there is another option.
 *
 * @example
 * ```ts
 * import { randomScores, randomStreams, selectMasks, uniform } from '@espalier/core';
 *
 * const weights = Float32Array.of(4, 3, 2, 1);
 * const layer = { name: 'w', shape: [4], size: 4, weights, mask: Uint8Array.of(1, 1, 1, 1) };
 * // Two ones, at places that the seed decides.
 * selectMasks([layer], randomScores(randomStreams(42, 0)), 0.5, uniform).get('w');
 * ```
 */
export function randomScores(random: RandomStreams, options: RandomScoresOptions = {}): Criterion {
  rules.function('random', random as never);
  checkOptions<RandomScoresOptions>(options, { revive: rules.optional(rules.boolean) });
  const { revive = false } = options;
  return layer => {
    requireScorable(layer);
    const draw = random(`scores/${layer.name}`);
    return Float32Array.from(layer.mask, bit => {
      const score = draw();
      return bit || revive ? score : -1;
    });
  };
}
