import { InvalidOptionError, UnknownLayerError } from '../errors/option-errors.js';
import { keptCount, requireSparsity } from '../mask/count.js';
import type { LayerShape } from '../method/layer.js';
import { requireLayers as requireLayerShapes } from '../method/require-layers.js';
import { checkOptions } from '../options/check-options.js';
import { rules as optionRules } from '../options/rules.js';
import type { Distribution } from './distribution.js';
import { named } from './named.js';
import { requireDistribution } from './require-distribution.js';

const { integer, list, optional, text, that } = optionRules;
const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Exceptions for single layers, by their stable names. */
export interface LayerRules {
  /** Layers that stay dense. */
  readonly dense?: readonly string[] | undefined;
  /**
   * Layers with a sparsity of their own: a fraction in [0, 1), or a function of the overall sparsity, so that a layer
   * can follow a gradual schedule up to a limit: `overall => Math.min(overall, 0.8)`.
   */
  readonly sparsity?: Readonly<Record<string, number | ((overall: number) => number)>> | undefined;
  /**
   * Entries that every layer keeps at least, an integer ≥ 0 (or all, where a layer has fewer). What this adds comes on
   * top of the distribution's count.
   *
   * @defaultValue 0
   */
  readonly atLeast?: number | undefined;
}

/**
 * A distribution with exceptions for single layers.
 *
 * The named layers are taken out before the base distribution is asked, which then spreads the overall sparsity over the
 * others alone, as in RigL's code. The overall sparsity that results therefore differs from the one asked for; the
 * session reports the true one.
 *
 * @param base - Distribution of all other layers.
 * @param rules - The exceptions.
 * @throws {@link UnknownLayerError}, when a session starts with it, if a named layer does not exist; {@link InvalidOptionError} if a
 *   sparsity is outside [0, 1), a layer is named twice, or a rule has the wrong type; {@link UnknownOptionError} if there is another rule.
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
  const { dense = [], sparsity: own = {}, atLeast = 0 } = rules;
  for (const [name, value] of Object.entries(own)) {
    if (typeof value !== 'function') requireSparsity(`sparsity["${name}"]`, value);
    if (dense.includes(name)) throw new InvalidOptionError('dense', name, 'a layer without a sparsity of its own');
  }
  const isExcepted = (name: string): boolean => dense.includes(name) || Object.hasOwn(own, name);
  const requireLayers = (layers: readonly LayerShape[]): void => {
    const known = layers.map(({ name }) => name);
    for (const name of [...dense, ...Object.keys(own)]) {
      if (!known.includes(name)) throw new UnknownLayerError(name, known, 'the rules of a distribution');
    }
    base.requireLayers?.(layers.filter(({ name }) => !isExcepted(name)));
  };
  const spreadWithRules: Distribution = (layers, overall) => {
    requireLayerShapes(layers);
    requireSparsity('sparsity', overall);
    requireLayers(layers);
    const spread = base(
      layers.filter(({ name }) => !isExcepted(name)),
      overall,
    );
    return new Map(
      layers.map(({ name, size }) => {
        if (dense.includes(name)) return [name, size];
        const rule = Object.hasOwn(own, name) ? own[name] : undefined;
        const kept =
          rule === undefined
            ? (spread.get(name) ?? size)
            : keptCount(size, typeof rule === 'function' ? rule(overall) : rule);
        return [name, Math.max(kept, Math.min(atLeast, size))];
      }),
    );
  };
  return Object.assign(named(`withRules(${base.name})`, spreadWithRules, true), { requireLayers });
}
