import { InvalidOptionError, UnknownLayerError } from '../errors/option-errors.js';
import type { ModelWeight } from './model-weight.js';

/** Says which weights are meant: an exact name, a pattern for names, or a test of the weight. */
export type WeightSelector = string | RegExp | ((weight: ModelWeight) => boolean);

/** Which weights are prunable, where the rule by layer type is not what is wanted. */
export interface WeightSelection {
  /** Prunable weights to leave dense, e.g. `['conv1/kernel', /^head\//]`. Wins over `include`. */
  readonly except?: readonly WeightSelector[];
  /** Weights to prune that the rule leaves out: embeddings, kernels of frozen layers, even biases. */
  readonly include?: readonly WeightSelector[];
}

function matches(selector: WeightSelector, weight: ModelWeight): boolean {
  if (typeof selector === 'string') return selector === weight.name;
  if (typeof selector === 'function') return selector(weight);
  return weight.name.search(selector) >= 0; // search ignores lastIndex, so global patterns behave
}

function check(option: string, selectors: readonly WeightSelector[], weights: readonly ModelWeight[]): void {
  const names = weights.map(({ name }) => name);
  if (!Array.isArray(selectors)) throw new InvalidOptionError(option, selectors, 'an array');
  for (const selector of selectors) {
    if (typeof selector === 'string') {
      if (!names.includes(selector)) throw new UnknownLayerError(selector, names, `option "${option}"`);
    } else if (typeof selector !== 'function' && !(selector instanceof RegExp)) {
      throw new InvalidOptionError(option, selector, 'an array of names, regular expressions or functions');
    }
  }
}

/** The same weights with `prunable` corrected by the selection. */
export function select(weights: readonly ModelWeight[], selection: WeightSelection): ModelWeight[] {
  const { except = [], include = [] } = selection;
  check('except', except, weights);
  check('include', include, weights);
  return weights.map(weight => {
    const wanted = weight.prunable || include.some(selector => matches(selector, weight));
    return { ...weight, prunable: wanted && !except.some(selector => matches(selector, weight)) };
  });
}
