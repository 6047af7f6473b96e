import { erdosRenyiKernel, global, keptCount, lamp, uniform, uniformPlus } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base, run } from '../test/cuts.js';
import { oneShotMagnitude } from './index.js';
import { relativeNormDrop } from './norm-drop.js';

describe('iterativeMagnitude', () => {
  const entries = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 6, maxLength: 40 });

  it('imp P2: masks are nested over phases, with every distribution and from given masks', async () => {
    const distributions = fc.constantFrom(global, uniform, uniformPlus, erdosRenyiKernel, lamp);
    await fc.assert(
      fc.asyncProperty(
        entries,
        entries,
        fc.infiniteStream(fc.nat(3)),
        distributions,
        async (a, b, bits, distribution) => {
          const given = [a, b].map(values => values.map(() => (bits.next().value === 0 ? 0 : 1)));
          const layers = [layer('a', a, { mask: given[0] }), layer('b', b, { mask: given[1] })];
          let before = new Map(layers.map(({ name, mask }) => [name, mask]));
          for (const { masks } of await run({ ...base, sparsity: 0.8, distribution }, layers)) {
            for (const [name, mask] of masks!) expect(mask.every((bit, i) => bit <= before.get(name)![i]!)).toBe(true);
            before = new Map(masks!);
          }
        },
      ),
    );
  });

  it('imp P5: the norm drop of a global cut is at most the root of the fraction it takes', async () => {
    await fc.assert(
      fc.asyncProperty(entries, entries, fc.double({ min: 0, max: 0.99, noNaN: true }), async (a, b, sparsity) => {
        const layers = [layer('a', a), layer('b', b)];
        const [decision] = await run({ ...base, phases: 1, sparsity }, layers);
        const total = a.length + b.length;
        expect(relativeNormDrop(layers, decision!.masks!)).toBeLessThanOrEqual(
          Math.sqrt((total - keptCount(total, sparsity)) / total) + 1e-9,
        );
      }),
    );
  });

  it('imp P9: without retraining the masks are those of one shot', async () => {
    await fc.assert(
      fc.asyncProperty(entries, entries, async (a, b) => {
        const layers = [layer('a', a), layer('b', b)];
        const [iterative] = await run({ ...base, retrainSteps: { perPhase: 0 } }, layers);
        const once = await oneShotMagnitude({ sparsity: 0.9, position: 89 }).decide(viewAt(89, ...layers), null);
        expect(iterative!.masks).toEqual(once.masks);
      }),
    );
  });
});
