import { fixed, global, type PruningMethod } from '@espalier/core';
import { magnitude, oneShotMagnitude } from '@espalier/prune-magnitude';
import { distributionByName } from '../options/distributions.js';
import type { Recipe } from './recipe.js';

/** The method that a recipe asks for. */
export function methodOf({ method, sparsity, distribution: name, start, end, every }: Recipe): PruningMethod<null> {
  const distribution = distributionByName(name) ?? global;
  switch (method) {
    case 'dense':
      return fixed();
    case 'magnitude':
      return magnitude({ sparsity, distribution, cadence: { start, end, every } });
    case 'one-shot':
      return oneShotMagnitude({ sparsity, distribution, position: start });
  }
}
