import type { Json } from '@espalier/core';
import { expect, it } from 'vitest';
import { completeRecipe, storedRecipe } from './complete-recipe.js';

const perEpoch = (batchSize: number): number => Math.floor(8500 / batchSize);

it('prunes a new network from an eighth to two thirds of five epochs', () => {
  // 5 epochs of floor(8500 / 64) = 132 steps: 660. An eighth is 82, two thirds 440, a fortieth of the way 358 / 40 = 8.
  const recipe = completeRecipe({}, 'magnitude', perEpoch);
  expect(recipe).toMatchObject({ dataset: 'digits', model: 'smallConvNet', from: null, sparsity: 0.9, warmUp: 50 });
  expect(recipe).toMatchObject({ steps: 660, start: 82, end: 440, every: 8 });
});

it('prunes a network from a checkpoint from the first step on', () => {
  const recipe = completeRecipe({ from: 'dense.safetensors', epochs: 0.5, batchSize: 100 }, 'magnitude', perEpoch);
  // Half of 85 steps, rounded: 43. Two thirds: 28.
  expect(recipe).toMatchObject({
    from: 'dense.safetensors',
    model: null,
    steps: 43,
    start: 0,
    end: 28,
    every: 1,
    warmUp: 4,
  });
});

it('prunes nothing in a dense run', () => {
  expect(completeRecipe({ steps: 10 }, 'dense', perEpoch)).toMatchObject({ method: 'dense', sparsity: 0, steps: 10 });
});

it.each([
  [{ steps: 5, epochs: 1 }, '--epochs or --steps'],
  [{ from: 'x', model: 'lenet300' }, '--from or --model'],
  [{ steps: 0 }, '0 steps'],
  [{ steps: 0, from: 'x' }, '0 steps'],
  [{ steps: 20, warmUp: 20 }, '--warm-up is 20'],
])('refuses %j', (requested, message) => {
  expect(() => completeRecipe(requested, 'magnitude', perEpoch)).toThrow(message);
});

it('gives the recipe of a checkpoint back, and refuses any wish that differs from it', () => {
  const recipe = completeRecipe({ steps: 264 }, 'magnitude', perEpoch);
  const metadata = { recipe: recipe as unknown as Json };
  expect(storedRecipe(metadata, {}, perEpoch)).toEqual(recipe);
  expect(storedRecipe(metadata, { epochs: 2, seed: 0 }, perEpoch)).toEqual(recipe);
  expect(() => storedRecipe(metadata, { epochs: 3 }, perEpoch)).toThrow('started with steps 264, not 396');
  expect(() => storedRecipe(metadata, { seed: 1 }, perEpoch)).toThrow('started with seed 0, not 1');
});

it.each([{}, { recipe: null }, { recipe: [1] }])('refuses metadata without a recipe: %j', metadata => {
  expect(() => storedRecipe(metadata, {}, perEpoch)).toThrow('not made by this command');
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
  ['method', 'toString'],
  ['sparsity', 90],
  ['distribution', 'constructor'],
  ['start', true],
  ['end', {}],
  ['every', 0],
  ['evry', 3],
] as const)('refuses a stored recipe whose %s is %j, and names it', (key, value) => {
  const recipe = { ...completeRecipe({ steps: 264 }, 'magnitude', perEpoch), [key]: value } as unknown as Json;
  const refused = expect(() => storedRecipe({ recipe }, {}, perEpoch));
  refused.toThrow(
    expect.objectContaining({ code: 'CHECKPOINT_MISMATCH', message: expect.stringContaining(`recipe.${key}`) }),
  );
});

it('keeps which weights are meant, and refuses to go on with others', () => {
  const recipe = completeRecipe(
    { steps: 264, include: ['/depthwise/'], except: ['conv1/kernel'] },
    'magnitude',
    perEpoch,
  );
  const metadata = { recipe: recipe as unknown as Json };
  expect(storedRecipe(metadata, { include: ['/depthwise/'] }, perEpoch)).toEqual(recipe);
  expect(() => storedRecipe(metadata, { except: ['conv2/kernel'] }, perEpoch)).toThrow(
    'started with except conv1/kernel',
  );
  const wrong = { recipe: { ...recipe, include: 'x' } as unknown as Json };
  expect(() => storedRecipe(wrong, {}, perEpoch)).toThrow('recipe.include');
});
