import { InvalidOptionError, UnknownLayerError } from '../../errors/option-errors.js';
import { checkOptions } from '../../options/check-options.js';
import type { OptionRule, OptionRules } from '../../options/option-rule.js';
import { rules } from '../../options/rules.js';
import type { ModelWeight } from './model-weight.js';

/** Says which weights are meant: an exact name, a pattern for names, or a test of the weight. */
export type WeightSelector = string | RegExp | ((weight: ModelWeight) => boolean);

/**
 * Which weights are prunable, where the rule by layer type is not what is wanted. Each selector must match a weight.
 */
export interface WeightSelection {
  /** Prunable weights to leave dense, e.g. `['conv1/kernel', /^head\//]`. Wins over `include`. */
  readonly except?: readonly WeightSelector[] | undefined;
  /**
   * Weights to prune that the rule leaves out: depthwise kernels, embeddings, kernels of frozen layers, even biases.
   */
  readonly include?: readonly WeightSelector[] | undefined;
}

const selectorRule: OptionRule = rules.that(
  'a name, a regular expression or a function',
  value => typeof value === 'string' || typeof value === 'function' || value instanceof RegExp,
);

/** Rules of {@link WeightSelection}. */
export const selectionRules: OptionRules<WeightSelection> = {
  except: rules.optional(rules.list(selectorRule)),
  include: rules.optional(rules.list(selectorRule)),
};

function matches(selector: WeightSelector, weight: ModelWeight): boolean {
  if (typeof selector === 'string') return selector === weight.name;
  if (typeof selector === 'function') return selector(weight);
  return weight.name.search(selector) >= 0; // search ignores lastIndex, so global patterns behave
}

/** The weights that one selector of an option means; a selector that means none is a slip of the pen. */
function matched(selector: WeightSelector, option: string, weights: readonly ModelWeight[]): readonly ModelWeight[] {
  const found = weights.filter(weight => matches(selector, weight));
  if (found.length > 0) return found;
  const prunableFirst = [...weights].sort((a, b) => Number(b.prunable) - Number(a.prunable));
  const names = prunableFirst.map(({ name }) => name);
  throw new UnknownLayerError(
    typeof selector === 'function' ? describe(selector) : `${selector}`,
    names,
    `option "${option}"`,
  );
}

function describe({ name }: { readonly name: string }): string {
  return name ? `function ${name}` : 'a function that is true of none';
}

/** The same weights with `prunable` corrected by the selection, which must have been checked. */
export function select(weights: readonly ModelWeight[], { except = [], include = [] }: WeightSelection): ModelWeight[] {
  const excepted = new Set(except.flatMap(selector => matched(selector, 'except', weights)));
  const included = new Set(include.flatMap(selector => matched(selector, 'include', weights)));
  return weights.map(weight => {
    const { denseBecause, ...rest } = weight;
    if (excepted.has(weight)) {
      const reason = denseBecause === 'frozen' ? undefined : denseBecause; // what is excepted needs no warning
      return { ...rest, prunable: false, denseBecause: reason ?? 'excepted' };
    }
    if (included.has(weight) && denseBecause !== 'empty') return { ...rest, prunable: true };
    return weight;
  });
}

/** Refuses selections that are not made of lists of names, patterns and functions. */
export function checkSelection(selection: unknown): asserts selection is WeightSelection {
  if (selection instanceof RegExp)
    throw new InvalidOptionError('options', selection, 'an object with include or except');
  checkOptions<WeightSelection>(selection, selectionRules);
}
