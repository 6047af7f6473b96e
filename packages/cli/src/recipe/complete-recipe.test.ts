import { expect, it } from 'vitest';
import { definedMethod } from '../method/known-method.js';
import { denseTraining, registry } from '../method/registry.js';
import { completeRecipe } from './complete-recipe.js';

const perEpoch = (batchSize: number): number => Math.floor(8500 / batchSize);
const named = (name: string) => definedMethod(name, registry.get(name)!);
const magnitude = named('magnitude');

it('prunes a new network from an eighth to two thirds of five epochs', () => {
  // 5 epochs of floor(8500 / 64) = 132 steps: 660. An eighth is 82, two thirds 440, a fortieth of the way 358 / 40 = 8.
  const recipe = completeRecipe({}, magnitude, perEpoch);
  expect(recipe).toMatchObject({ dataset: 'digits', model: 'smallConvNet', from: null, steps: 660, warmUp: 50 });
  expect(recipe.options).toEqual({
    sparsity: 0.9,
    cadence: { start: 82, end: 440, every: 8 },
    initialSparsity: 0,
    distribution: 'global',
  });
});

it('prunes a network from a checkpoint from the first step on', () => {
  const recipe = completeRecipe({ from: 'dense.safetensors', epochs: 0.5, batchSize: 100 }, magnitude, perEpoch);
  // Half of 85 steps, rounded: 43. Two thirds: 28.
  expect(recipe).toMatchObject({ from: 'dense.safetensors', model: null, steps: 43, warmUp: 4 });
  expect(recipe.options.cadence).toEqual({ start: 0, end: 28, every: 1 });
});

it('prunes nothing in a dense run', () => {
  expect(completeRecipe({ steps: 10 }, denseTraining, perEpoch)).toMatchObject({
    method: 'dense',
    options: {},
    steps: 10,
  });
});

it('puts options with a flag of their own at their place in the options of the method', () => {
  const requested = { steps: 100, sparsity: 0.8, start: 10, every: 5, distribution: 'uniform' };
  expect(completeRecipe({ ...requested, end: 50 }, magnitude, perEpoch).options).toMatchObject({
    sparsity: 0.8,
    distribution: 'uniform',
    cadence: { start: 10, end: 50, every: 5 },
  });
  expect(completeRecipe({ steps: 100, start: 7 }, named('one-shot'), perEpoch).options).toMatchObject({ position: 7 });
  expect(completeRecipe({ steps: 100, end: 90 }, named('str'), perEpoch).options).toMatchObject({ end: 90 });
});

it.each([
  [{ steps: 5, epochs: 1 }, '--epochs or --steps'],
  [{ from: 'x', model: 'lenet300' }, '--from or --model'],
  [{ steps: 0 }, '0 steps'],
  [{ steps: 0, from: 'x' }, '0 steps'],
  [{ steps: 20, warmUp: 20 }, '--warm-up is 20'],
  [{ steps: 20, sparsity: 0.5, options: { sparsity: 0.6 } }, '--sparsity or --option sparsity'],
  [{ steps: 20, every: 5, options: { cadence: { every: 6 } } }, '--every or --option cadence.every'],
  [{ steps: 20, options: { sparsty: 0.6 } }, 'Did you mean "sparsity"'],
])('refuses %j', (requested, message) => {
  const complete = () => {
    const recipe = completeRecipe(requested, magnitude, perEpoch);
    magnitude.define({ steps: 20, stepsPerEpoch: 1, sparsity: 0.9, trained: false, rateOver: () => 1 }, recipe.options);
  };
  expect(complete).toThrow(message);
});

it('refuses a flag for which the method has no place', () => {
  expect(() => completeRecipe({ steps: 20, every: 5 }, named('static'), perEpoch)).toThrow(
    '--every means nothing to --method static',
  );
  expect(() => completeRecipe({ steps: 20, sparsity: 0.5 }, named('fixed'), perEpoch)).toThrow('--sparsity');
});
