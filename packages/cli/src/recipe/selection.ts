import type { Checkpoint } from '@espalier/core';
import type { WeightSelection } from '@espalier/core/tfjs';
import { selectorOf } from '../options/selectors.js';
import type { Recipe } from './recipe.js';

/**
 * Which weights a recipe prunes. What was pruned before stays prunable, whatever the default is, unless the recipe
 * excepts it. A classifier that was made anew stays dense, unless the recipe includes it: its first weights are small,
 * and say nothing about which of them it needs.
 */
export function selectionOf(
  { include = [], except = [], newClassifier }: Recipe,
  origin: Checkpoint | undefined,
): WeightSelection {
  const included = include.map(selectorOf);
  const named = (name: string): boolean =>
    included.some(selector => (typeof selector === 'string' ? selector === name : selector.test(name)));
  return {
    include: [...(origin?.masks.keys() ?? []), ...included],
    except: [...except.map(selectorOf), ...(newClassifier && !named(newClassifier) ? [newClassifier] : [])],
  };
}
