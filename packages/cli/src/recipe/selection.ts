import type { Checkpoint } from '@espalier/core';
import type { WeightSelection } from '@espalier/core/tfjs';
import { selectorOf } from '../options/selectors.js';
import type { Recipe } from './recipe.js';

/**
 * Which weights a recipe prunes. What was pruned before stays prunable, whatever the default is, unless the recipe
 * excepts it.
 */
export function selectionOf({ include = [], except = [] }: Recipe, origin: Checkpoint | undefined): WeightSelection {
  return {
    include: [...(origin?.masks.keys() ?? []), ...include.map(selectorOf)],
    except: except.map(selectorOf),
  };
}
