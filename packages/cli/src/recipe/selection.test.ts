import { expect, it } from 'vitest';
import type { Recipe } from './recipe.js';
import { selectionOf } from './selection.js';

const newClassifier = 'transfer_head/kernel';
const select = (recipe: Partial<Recipe>) => selectionOf(recipe as Recipe, undefined);

it('leaves a new classifier dense, unless it is included by its name or a pattern', () => {
  expect(select({ newClassifier, except: ['stem/kernel'] })).toEqual({
    include: [],
    except: ['stem/kernel', newClassifier],
  });
  expect(select({ newClassifier, include: [newClassifier] })).toEqual({ include: [newClassifier], except: [] });
  expect(select({ newClassifier, include: ['/^transfer/'] })).toEqual({ include: [/^transfer/], except: [] });
  expect(select({ newClassifier, include: ['/^stem/'] }).except).toEqual([newClassifier]);
});
