import type { CommandDef } from 'citty';
import { expect, it } from 'vitest';
import { checkCommand } from './check-command.js';
import { learningRate } from './learning-rate.js';
import { number, type ParsedOptions } from './read.js';

const fraction = { least: 0, below: 1 };
const given = (values: object): ParsedOptions => ({ _: [], ...values }) as unknown as ParsedOptions;

it.each([
  ['90', /did you mean 0\.9\?$/],
  ['90 %', /did you mean 0\.9\?$/],
  ['1%', /did you mean 0\.01\?$/],
  ['1', /and below 1\.$/],
  ['0,9', /Write a point: 0\.9\.$/],
  ['0.5,0.6', /and below 1\.$/],
])('a sparsity of %s is refused with what was likely meant', (sparsity, message) => {
  expect(() => number(given({ sparsity }), 'sparsity', fraction)).toThrow(message);
});

it('a learning rate with a decimal comma is refused with a point', () => {
  expect(() => learningRate(given({ 'learning-rate': '0,05' }))).toThrow(/Write a point: 0\.05\.$/);
});

it.each([
  [{ from: { type: 'string' }, model: { type: 'string' } }, /A network is named with --from\.$/],
  [{ model: { type: 'string' } }, /A network is named with --model\.$/],
  [{}, /See --help\.$/],
])('an argument without a place is refused with the option for it', async (args, message) => {
  await expect(checkCommand({ args } as CommandDef, ['runs/dense'])).rejects.toThrow(message);
});
