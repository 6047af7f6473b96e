import { InvalidOptionError, UnknownLayerError } from '../errors/option-errors.js';
import { requireSparsity } from '../mask/count.js';

/** Exceptions for single layers, by their stable names or by patterns between slashes that names match (`/conv\d/`). */
export interface LayerRules {
  /** Layers that stay dense. */
  readonly dense?: readonly string[] | undefined;
  /**
   * Layers with a sparsity of their own: a fraction in [0, 1), or a function of the overall sparsity, so that a layer
   * can follow a gradual schedule up to a limit: `overall => Math.min(overall, 0.8)`. Of several patterns that a name
   * matches the first holds, and a layer's own name comes before all patterns.
   */
  readonly sparsity?: Readonly<Record<string, number | ((overall: number) => number)>> | undefined;
  /**
   * Entries that every layer keeps at least, an integer ≥ 0 (or all, where a layer has fewer). What this adds comes on
   * top of the distribution's count for a sparsity; of an exact count it is taken from the layers that keep more, in
   * proportion.
   *
   * @defaultValue 0
   */
  readonly atLeast?: number | undefined;
}

/** A layer's sparsity, from the overall one. */
export type LayerSparsity = (overall: number) => number;

/** The rules of {@link LayerRules} for single layers, by the layer's name. */
export interface RuleLookup {
  /** The rule that holds for a layer; undefined if none does. */
  of(layer: string): LayerSparsity | undefined;
  /** Refuses names that no layer has, and patterns that none matches. */
  requireAll(layers: readonly string[]): void;
}

/** Reads names and patterns; refuses a layer that is named twice and sparsities out of range. */
export function lookUpRules({ dense = [], sparsity = {} }: LayerRules): RuleLookup {
  for (const [name, value] of Object.entries(sparsity)) {
    if (typeof value !== 'function') requireSparsity(`sparsity["${name}"]`, value);
    if (dense.includes(name)) throw new InvalidOptionError('dense', name, 'a layer without a sparsity of its own');
  }
  const rules = [
    ...dense.map((name): [string, LayerSparsity] => [name, () => 0]),
    ...Object.entries(sparsity).map(([name, value]): [string, LayerSparsity] => [
      name,
      typeof value === 'function' ? value : () => value,
    ]),
  ];
  const names = new Map(rules.filter(([name]) => !isPattern(name)));
  const patterns = rules
    .filter(([name]) => isPattern(name))
    .map(([name, rule]) => ({ name, matches: patternOf(name), rule }));
  return {
    of: layer => names.get(layer) ?? patterns.find(({ matches }) => matches.test(layer))?.rule,
    requireAll: layers => {
      const unknown =
        [...names.keys()].find(name => !layers.includes(name)) ??
        patterns.find(({ matches }) => !layers.some(layer => matches.test(layer)))?.name;
      if (unknown !== undefined) throw new UnknownLayerError(unknown, layers, 'the rules of a distribution');
    },
  };
}

const isPattern = (name: string): boolean => name.length > 2 && name.startsWith('/') && name.endsWith('/');

function patternOf(name: string): RegExp {
  try {
    return new RegExp(name.slice(1, -1));
  } catch {
    throw new InvalidOptionError('rules', name, 'the name of a layer, or a regular expression between slashes');
  }
}
