import type { Json } from '@espalier/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dataRequest } from '../data/data-request.js';
import type { ParsedOptions } from '../options/read.js';
import { requestedOptions } from '../recipe/requested-options.js';
import { schemaProblems } from '../schema/schema-problems.js';
import { keyOf } from './option-rules.js';
import { recipeSchema } from './recipe-schema.js';

const schema = recipeSchema();

/** Options whose values the command line reads by themselves. */
const read: readonly (readonly [option: string])[] = [
  ['test-fraction'],
  ['size'],
  ['interpolation'],
  ['augment'],
  ['dataset'],
  ['batch-size'],
  ['epochs'],
  ['steps'],
  ['learning-rate'],
  ['warm-up'],
  ['weight-decay'],
  ['label-smoothing'],
  ['seed'],
  ['sparsity'],
  ['distribution'],
  ['start'],
  ['end'],
  ['every'],
];

function readable(option: string, written: string): boolean {
  try {
    const given = { _: [], [option]: written } as unknown as ParsedOptions;
    requestedOptions(given);
    dataRequest(given);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'USAGE' });
    return false;
  }
}

it.each(read)('a recipe and a command line may say the same of %s', option => {
  const values = fc.oneof(
    fc.constantFrom<Json>(0, 1, -1, 0.5, 0.999, 1.5, 64, 4096, 4097, '2 epochs', '0.5 epochs', '-1 epochs', 'x'),
    fc.constantFrom<Json>('digits', 'mnist', 'global', 'lamp', 'bilinear', 'bicubic', 'flip', 'none', 'Global'),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -10, max: 1e9 }),
  );
  fc.assert(
    fc.property(values, value => {
      const accepted = schemaProblems(schema, { [keyOf(option)]: value }).length === 0;
      expect([value, accepted]).toEqual([value, readable(option, String(value))]);
    }),
  );
});
