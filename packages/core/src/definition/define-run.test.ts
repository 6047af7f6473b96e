import { describe, expect, it } from 'vitest';
import {
  type Cadence,
  completeOptions,
  type Distribution,
  defineRun,
  fixed,
  fixedDefinition,
  type MethodDefinition,
  nOfM,
  requireCadence,
  requireDefinition,
  requireDistribution,
  requireSparsity,
  requireStructure,
  rules,
  type Structure,
  type TrainingRun,
} from '../index.js';

interface Options {
  readonly sparsity: number;
  readonly cadence: Cadence;
  readonly distribution?: Distribution;
  readonly structure?: Structure;
  readonly length?: readonly number[] | { readonly total: number };
}

const made: Options[] = [];
const definition: MethodDefinition<Options> = {
  name: 'every-so-often',
  summary: 'A method',
  source: 'none',
  rules: {
    sparsity: requireSparsity,
    cadence: requireCadence,
    distribution: rules.optional(requireDistribution),
    structure: rules.optional(requireStructure),
    length: rules.anything,
  },
  notes: {
    sparsity: { summary: 'a' },
    cadence: { summary: 'b' },
    distribution: { summary: 'c' },
    structure: { summary: 'd' },
    length: { summary: 'e' },
  },
  defaults: ({ steps, sparsity }) => ({
    sparsity,
    cadence: { start: 0, end: steps - 1, every: 5 },
    distribution: 'global',
    length: { total: 3 },
  }),
  create: options => {
    made.push(options);
    return fixed();
  },
};
const run: TrainingRun = { steps: 100, stepsPerEpoch: 10, sparsity: 0.9, trained: false, rateOver: () => 0.1 };
const complete = (given: object) => completeOptions(definition, run, given as never);

describe('completeOptions', () => {
  it('puts what is given over the defaults, one by one in options that are an object of options', () => {
    expect(complete({})).toEqual({
      sparsity: 0.9,
      cadence: { start: 0, end: 99, every: 5 },
      distribution: 'global',
      length: { total: 3 },
    });
    expect(complete({ cadence: { every: 7 } }).cadence).toEqual({ start: 0, end: 99, every: 7 });
    expect(complete({ length: [1, 2] }).length).toEqual([1, 2]);
    expect(complete({ length: { perPhase: 1 } }).length).toEqual({ perPhase: 1 });
  });

  it('leaves out what is null', () => {
    expect(complete({ distribution: null, length: null })).toEqual({
      sparsity: 0.9,
      cadence: { start: 0, end: 99, every: 5 },
    });
  });
});

describe('defineRun', () => {
  it('gives the creator what the names stand for', () => {
    const { positions, rateOver } = defineRun(definition, run, complete({ distribution: 'lamp', structure: '2:4' }));
    expect({ positions, rateOver }).toEqual({ positions: 100, rateOver: 100 });
    const { distribution, structure } = made.at(-1)!;
    expect([distribution?.name, structure?.name]).toEqual(['lamp', nOfM(2, 4).name]);
  });

  it.each([
    [{ sparsty: 0.5 }, 'UNKNOWN_OPTION', 'sparsty'],
    [{ cadence: { evry: 5 } }, 'UNKNOWN_OPTION', 'cadence.evry'],
    [{ cadence: { every: '5' } }, 'INVALID_OPTION', 'cadence.every'],
    [{ distribution: 'globl' }, 'INVALID_OPTION', 'distribution'],
    [{ distribution: { base: 'uniform', dnse: [] } }, 'UNKNOWN_OPTION', 'distribution.dnse'],
    [{ structure: '4:2' }, 'INVALID_OPTION', 'structure'],
    [{ sparsity: null }, 'INVALID_OPTION', 'sparsity'],
  ])('refuses %j with the path of what is wrong', (given, code, option) => {
    expect(() => defineRun(definition, run, complete(given))).toThrow(expect.objectContaining({ code, option }));
  });

  it('goes on for ever where the cadence says so', () => {
    const open: MethodDefinition<{ readonly cadence: Cadence }> = {
      ...fixedDefinition,
      rules: { cadence: rules.object({ start: rules.anything, end: rules.anything, every: rules.anything }) },
      notes: { cadence: { summary: 'a' } },
      create: ({ cadence }) => {
        expect(cadence.end).toBe('Infinity');
        return fixed();
      },
    };
    defineRun(open, run, { cadence: { start: 0, end: 'Infinity', every: 1 } });
  });
});

it.each([
  [{ ...fixedDefinition, name: 'Fixed' }, 'definition.name'],
  [{ ...fixedDefinition, create: 5 }, 'definition.create'],
  [{ ...fixedDefinition, creator: fixed }, 'definition.creator'],
  [{ ...fixedDefinition, rules: { a: 5 }, notes: { a: { summary: 'a' } } }, 'definition.rules.a'],
  [{ ...fixedDefinition, rules: { a: rules.text } }, 'definition.notes.a'],
])('refuses what is no definition and names what is wrong: %j', (wrong, option) => {
  expect(() => requireDefinition(wrong)).toThrow(expect.objectContaining({ option }));
});
