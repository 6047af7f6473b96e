import { EspalierError } from '@espalier/core';
import { beforeAll, expect, it } from 'vitest';
import { runTraining } from '../src/commands/run.js';
import type { ParsedOptions } from '../src/options/read.js';
import { scratch, writeClasses } from './images.js';

const path = scratch();
const train = async (values: object) => {
  const options = { backend: 'cpu', size: '8', steps: '2', 'batch-size': '8', model: 'lenet300', data: path('rare') };
  const { json } = await runTraining('train', { _: [], ...options, ...values } as unknown as ParsedOptions);
  return json as { readonly evaluation: { readonly loss: number }; readonly recipe: object };
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (EspalierError.isInstance(error) ? error.code : String(error)),
  );

beforeAll(() => writeClasses(path('rare'), { often: 20, rare: 4 }));

it('balanced weights are those of the training counts, are kept in the recipe, and hold when the run goes on', async () => {
  // of 20 and 4 images 4 and 1 test: 16 and 3 train, so the weights are 19 / 32 and 19 / 6
  const balanced = await train({ 'class-weights': 'balanced', out: path('a') });
  const numbers = await train({ 'class-weights': `${19 / 32},${19 / 6}`, out: path('b') });
  const plain = await train({ out: path('c') });
  expect(balanced.recipe).toMatchObject({ classWeights: 'balanced' });
  expect(balanced.evaluation).toEqual(numbers.evaluation);
  expect(balanced.evaluation.loss).not.toBe(plain.evaluation.loss);
  const resume = { _: [], backend: 'cpu', resume: true, out: path('a') } as unknown as ParsedOptions;
  const { json } = await runTraining('train', resume);
  expect((json as typeof balanced).evaluation).toEqual(balanced.evaluation);
});

it.each(['balance', '1', '1,2,3', '-1,2', '0,0', '1,,2', ''])(
  '"%s" for weights of two classes is refused',
  async weights => {
    expect(await codeOf(train({ 'class-weights': weights, out: path('d') }))).toBe('USAGE');
  },
);
