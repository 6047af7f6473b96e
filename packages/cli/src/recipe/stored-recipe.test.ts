import type { Json } from '@espalier/core';
import { expect, it } from 'vitest';
import { definedMethod } from '../method/known-method.js';
import { registry } from '../method/registry.js';
import { completeRecipe } from './complete-recipe.js';
import type { RequestedOptions } from './recipe.js';
import { requireSame, storedRecipe } from './stored-recipe.js';

const perEpoch = (batchSize: number): number => Math.floor(8500 / batchSize);
const magnitude = definedMethod('magnitude', registry.get('magnitude')!);
const complete = (requested: RequestedOptions) => completeRecipe(requested, magnitude, perEpoch);
const stored = (recipe: object) => storedRecipe({ recipe: recipe as Json });

it('gives the recipe of a checkpoint back, and refuses any wish that differs from it', () => {
  const recipe = complete({ steps: 264 });
  expect(stored(recipe)).toEqual(recipe);
  const wish = (requested: RequestedOptions) => requireSame(recipe, requested, magnitude, perEpoch);
  wish({});
  wish({ epochs: 2, seed: 0, sparsity: 0.9, every: 3, options: { distribution: 'global' } });
  expect(() => wish({ epochs: 3 })).toThrow('started with steps 264, not 396');
  expect(() => wish({ seed: 1 })).toThrow('started with seed 0, not 1');
  expect(() => wish({ sparsity: 0.8 })).toThrow('started with sparsity 0.9, not 0.8');
  expect(() => wish({ every: 4 })).toThrow('started with cadence.every 3, not 4');
  expect(() => wish({ method: 'rigl' })).toThrow('started with method magnitude, not rigl');
});

it.each([{}, { recipe: null }, { recipe: [1] }])('refuses metadata without a recipe: %j', metadata => {
  expect(() => storedRecipe(metadata)).toThrow('not made by this command');
});

it.each([
  ['dataset', 'constructor'],
  ['model', '__proto__'],
  ['from', 7],
  ['seed', -1],
  ['steps', '264'],
  ['batchSize', 0],
  ['learningRate', null],
  ['warmUp', 1.5],
  ['weightDecay', [1]],
  ['labelSmoothing', 1],
  ['method', 7],
  ['options', [1]],
  ['evry', 3],
] as const)('refuses a stored recipe whose %s is %j, and names it', (key, value) => {
  const refused = expect(() => stored({ ...complete({ steps: 264 }), [key]: value }));
  refused.toThrow(
    expect.objectContaining({ code: 'CHECKPOINT_MISMATCH', message: expect.stringContaining(`recipe.${key}`) }),
  );
});

const former = {
  dataset: 'digits',
  model: 'smallConvNet',
  from: null,
  seed: 0,
  steps: 264,
  batchSize: 64,
  learningRate: 0.05,
  warmUp: 26,
  weightDecay: 1e-4,
  labelSmoothing: 0,
  method: 'magnitude',
  sparsity: 0.8,
  distribution: 'lamp',
  start: 33,
  end: 176,
  every: 3,
};

it('takes recipes of the versions that knew magnitude pruning alone', () => {
  const cadence = { start: 33, end: 176, every: 3 };
  expect(stored(former).options).toEqual({ sparsity: 0.8, cadence, distribution: 'lamp' });
  expect(stored({ ...former, method: 'one-shot' }).options).toEqual({
    sparsity: 0.8,
    position: 33,
    distribution: 'lamp',
  });
  expect(stored({ ...former, method: 'dense' })).toMatchObject({ method: 'dense', options: {} });
});

it.each([
  ['method', 'toString'],
  ['sparsity', 90],
  ['distribution', 7],
  ['start', true],
  ['end', {}],
  ['every', 0],
] as const)('refuses one of them whose %s is %j', (key, value) => {
  expect(() => stored({ ...former, [key]: value })).toThrow(expect.objectContaining({ code: 'CHECKPOINT_MISMATCH' }));
});

it('keeps which weights are meant, and refuses to go on with others', () => {
  const recipe = complete({ steps: 264, include: ['/depthwise/'], except: ['conv1/kernel'] });
  expect(stored(recipe)).toEqual(recipe);
  expect(() => requireSame(recipe, { except: ['conv2/kernel'] }, magnitude, perEpoch)).toThrow(
    'started with except conv1/kernel',
  );
  expect(() => stored({ ...recipe, include: 'x' })).toThrow('recipe.include');
});
