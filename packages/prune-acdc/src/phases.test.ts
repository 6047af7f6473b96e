import { fromEpochs, InvalidOptionError } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acdcPhases, type PhaseLengths } from './index.js';

/** The table in the notation of docs/methods/acdc.md, last epochs included: `D0-9 S10-14 …`. */
const tableOf = (lengths: PhaseLengths): string =>
  acdcPhases(lengths)
    .map(({ kind, start, end }) => `${kind === 'dense' ? 'D' : 'S'}${start}-${end - 1}`)
    .join(' ');

const stepsOf = (lengths: PhaseLengths, wanted: string): number =>
  acdcPhases(lengths)
    .filter(({ kind }) => kind === wanted)
    .reduce((sum, { start, end }) => sum + end - start, 0);

describe('acdcPhases', () => {
  // Peste et al. 2021, configs/neurips at IST-DASLab/ACDC ac53210b, as enumerated in docs/methods/acdc.md; in epochs.
  const imagenet = { total: 100, warmup: 10, sparse: 5, dense: 5, lastDense: 10, lastSparse: 15 };
  const twice = { ...imagenet, total: 200 };
  const cifar = { total: 200, warmup: 10, sparse: 20, dense: 20, lastSparse: 30 };
  const dense13 = { total: 200, warmup: 10, sparse: 20, dense: 13, lastSparse: 25 };

  it('acdc A1: reproduces the table of ResNet-50 and MobileNet on ImageNet in 100 epochs', () => {
    expect(tableOf(imagenet)).toBe(
      'D0-9 S10-14 D15-19 S20-24 D25-29 S30-34 D35-39 S40-44 D45-49 S50-54 D55-59 S60-64 D65-69 S70-74 D75-84 S85-99',
    );
  });

  it('acdc A1: reproduces the table of ResNet-50 in 200 epochs', () => {
    const table = tableOf(twice).split(' ');
    expect(table.slice(0, 4).join(' ')).toBe('D0-9 S10-14 D15-19 S20-24');
    expect(table.slice(-4).join(' ')).toBe('D165-169 S170-174 D175-184 S185-199');
    expect(table).toHaveLength(36);
  });

  it('acdc A1: reproduces the table of CIFAR in 200 epochs', () => {
    expect(tableOf(cifar)).toBe('D0-9 S10-29 D30-49 S50-69 D70-89 S90-109 D110-129 S130-149 D150-169 S170-199');
  });

  it('acdc A1: reproduces the last phase of CIFAR with dense phases of 13 epochs', () => {
    const table = tableOf(dense13).split(' ');
    expect(table.slice(0, 3).join(' ')).toBe('D0-9 S10-29 D30-42');
    expect(table.at(-1)).toBe('S175-199');
  });

  // docs/methods/acdc.md, columns "dense epochs" and "sparse epochs".
  it.each([
    ['ImageNet, 100 epochs', imagenet, 50, 50],
    ['ImageNet, 200 epochs', twice, 100, 100],
    ['CIFAR', cifar, 90, 110],
    ['CIFAR dense13', dense13, 75, 125],
  ])('acdc A1: %s has as many dense and sparse epochs as the paper', (_, lengths, dense, sparse) => {
    expect([stepsOf(lengths, 'dense'), stepsOf(lengths, 'sparse')]).toEqual([dense, sparse]);
  });

  it('gives the same table in steps as in epochs', () => {
    const perEpoch = 391;
    const inSteps = Object.fromEntries(
      Object.entries(cifar).map(([name, epochs]) => [name, fromEpochs(epochs, perEpoch)]),
    );
    expect(acdcPhases(inSteps as unknown as PhaseLengths)).toEqual(
      acdcPhases(cifar).map(({ kind, start, end }) => ({ kind, start: start * perEpoch, end: end * perEpoch })),
    );
  });

  it('acdc A2: begins dense, ends sparse and alternates without gaps, at the lengths asked for, on any lengths', () => {
    const length = fc.integer({ min: 1, max: 30 });
    const shape = fc.record({ warmup: length, sparse: length, dense: length, lastDense: length, lastSparse: length });
    fc.assert(
      fc.property(shape, fc.nat(300), (lengths, extra) => {
        const { warmup, sparse, dense, lastDense, lastSparse } = lengths;
        const total = warmup + sparse + lastDense + lastSparse + extra;
        const phases = acdcPhases({ ...lengths, total });
        const lengthsOf = phases.map(({ start, end }) => end - start);
        expect(phases.map(({ kind }) => kind)).toEqual(phases.map((_, i) => (i % 2 === 0 ? 'dense' : 'sparse')));
        expect(phases.length % 2).toBe(0);
        expect(phases.map(({ start }) => start)).toEqual([0, ...phases.slice(0, -1).map(({ end }) => end)]);
        expect(phases.at(-1)?.end).toBe(total);
        const middle = lengthsOf.slice(1, -2).map((_, i) => (i % 2 === 0 ? sparse : dense));
        expect(lengthsOf.slice(0, -1)).toEqual([warmup, ...middle, lastDense]);
        expect(lengthsOf.at(-1)).toBeGreaterThanOrEqual(lastSparse);
        expect(lengthsOf.at(-1)).toBeLessThan(lastSparse + dense + sparse);
      }),
    );
  });

  it.each([
    { total: 100, warmup: 0, sparse: 5, dense: 5 },
    { total: 100, warmup: 10, sparse: 0, dense: 5 },
    { total: 100, warmup: 10, sparse: 5, dense: 2.5 },
    { total: 100, warmup: 10, sparse: 5, dense: 5, lastDense: 0 },
    { total: 100, warmup: 10, sparse: 5, dense: 5, lastSparse: Number.NaN },
    { total: 24, warmup: 10, sparse: 5, dense: 5 },
  ])('refuses %j', lengths => {
    expect(() => acdcPhases(lengths)).toThrow(InvalidOptionError);
  });

  it('says how long the run must be at least', () => {
    expect(() => acdcPhases({ total: 24, warmup: 10, sparse: 5, dense: 5 })).toThrow(/phases\.total.* = 25/);
    expect(acdcPhases({ total: 25, warmup: 10, sparse: 5, dense: 5 })).toHaveLength(4);
  });
});
