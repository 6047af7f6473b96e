import { InfeasibleDistributionError } from '../errors/method-errors.js';
import { overallCount, overallSparsity } from '../mask/amount.js';
import { keptCount } from '../mask/count.js';
import type { LayerShape } from '../method/layer.js';
import { requireLayers as requireLayerShapes } from '../method/require-layers.js';
import { checkOptions } from '../options/check-options.js';
import { rules as optionRules } from '../options/rules.js';
import { apportion } from './apportion.js';
import type { Distribution, ScoredLayer } from './distribution.js';
import { type LayerRules, lookUpRules } from './layer-rules.js';
import { named } from './named.js';
import { requireDistribution } from './require-distribution.js';

const { integer, list, optional, text, that } = optionRules;
const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A distribution with exceptions for single layers.
 *
 * The named layers are taken out before the base distribution is asked, which then spreads the overall sparsity over
 * the others alone, as in RigL's code. The overall sparsity that results therefore differs from the one asked for; the
 * session reports the true one.
 *
 * An exact count is met: the named layers keep what their rules say (a function is given the overall sparsity that the
 * count means), and the base distribution is asked for exactly what is left. If that is less than the others must keep,
 * or more than they have, the distribution throws {@link InfeasibleDistributionError}.
 *
 * @param base - Distribution of all other layers.
 * @param rules - The exceptions.
 * @throws {@link UnknownLayerError}, when a session starts with it, if a named layer does not exist or none matches a
 *   pattern; {@link InvalidOptionError} if a sparsity is outside [0, 1), a layer is named twice, or a rule has the
 *   wrong type; {@link UnknownOptionError} if there is another rule.
 *
 * @example Uniform with a dense first convolution, and a classifier that stops at 80 %.
 * ```ts
 * import { uniform, withRules } from '@espalier/core';
 *
 * const distribution = withRules(uniform, {
 *   dense: ['conv1/kernel'],
 *   sparsity: { 'fc/kernel': overall => Math.min(overall, 0.8) },
 * });
 * ```
 */
export function withRules(base: Distribution, rules: LayerRules): Distribution {
  requireDistribution('base', base);
  checkOptions<LayerRules>(rules, {
    dense: optional(list(text)),
    sparsity: optional(that('an object of sparsities by layer', isRecord)),
    atLeast: optional(integer({ from: 0 })),
  });
  const { atLeast = 0 } = rules;
  const own = lookUpRules(rules);
  const requireLayers = (layers: readonly LayerShape[]): void => {
    own.requireAll(layers.map(({ name }) => name));
    base.requireLayers?.(layers.filter(({ name }) => !own.of(name)));
  };
  const name = `withRules(${base.name})`;
  const spreadWithRules: Distribution = (layers, amount) => {
    requireLayerShapes(layers);
    const overall = overallSparsity(layers, amount);
    requireLayers(layers);
    const least = (size: number): number => Math.min(atLeast, size);
    const byRule = new Map<string, number>();
    for (const { name, size } of layers) {
      const rule = own.of(name);
      if (rule) byRule.set(name, Math.max(keptCount(size, rule(overall)), least(size)));
    }
    const others = layers.filter(({ name }) => !byRule.has(name));
    const rest = overallCount(layers, amount) - [...byRule.values()].reduce((sum, count) => sum + count, 0);
    const spread = typeof amount === 'number' ? base(others, amount) : exactly(rest, others, base, atLeast, name);
    return new Map(
      layers.map(({ name, size }) => [name, byRule.get(name) ?? Math.max(spread.get(name) ?? size, least(size))]),
    );
  };
  return Object.assign(named(name, spreadWithRules, true), { requireLayers });
}

/**
 * The counts of layers without a rule of their own: exactly `rest` entries in all, at least `atLeast` of each layer.
 */
function exactly(
  rest: number,
  layers: readonly ScoredLayer[],
  base: Distribution,
  atLeast: number,
  name: string,
): ReadonlyMap<string, number> {
  const sizes = layers.map(({ size }) => size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const fewest = Math.max(
    Math.min(1, total),
    sizes.reduce((sum, size) => sum + Math.min(atLeast, size), 0),
  );
  if (rest < fewest || rest > total) {
    const reason = `Its rules leave ${rest} entries of the exact count to the other layers, which can keep ${fewest} to ${total}.`;
    throw new InfeasibleDistributionError(name, `${reason} Ask for another count, or change the rules.`);
  }
  const spread = base(layers, { kept: rest });
  const counts = layers.map(({ name, size }) => spread.get(name) ?? size);
  if (counts.every((count, i) => count >= Math.min(atLeast, sizes[i]!))) return spread;
  const raised = apportion(counts, sizes, rest, atLeast);
  return new Map(layers.map(({ name }, i) => [name, raised[i]!]));
}
