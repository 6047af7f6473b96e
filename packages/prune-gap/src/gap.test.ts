import { countOnes, EspalierError, uniform, withRules } from '@espalier/core';
import { layer } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { abcd, base, denseNames, run, view } from '../test/turns.js';
import { gap } from './index.js';

describe('gap', () => {
  it('draws initial masks at random, of the same size as by magnitude and independent between layers', () => {
    const layers = ['a', 'b', 'c'].map(name =>
      layer(
        name,
        Array.from({ length: 100 }, (_, i) => i),
      ),
    );
    const { masks } = gap({ ...base, partitions: 3 }).start(view(layers));
    const [b, c] = [masks?.get('b'), masks?.get('c')];
    expect([b, c].map(mask => countOnes(mask ?? new Uint8Array()))).toEqual([20, 20]);
    expect(b).not.toEqual(c);
    expect(b?.slice(0, 80).some(Boolean)).toBe(true); // by magnitude only the last 20 would stay
  });

  it('keeps the masks of layers that are sparse already', () => {
    const sparse = layer('b', [5, 0, 0, 0, 0], { mask: [1, 0, 0, 0, 0] });
    const { masks } = gap({ ...base, partitions: 2 }).start(view([layer('a', [1, 2, 3, 4, 5]), sparse]));
    expect([...(masks?.get('b') ?? [])]).toEqual([1, 0, 0, 0, 0]);
  });

  it('gap G7: every turn and the end reset the slots, and the learning rate starts anew', async () => {
    const segments = [{ shape: 'linear', length: 5, from: 0.1, to: 0 }] as const;
    const turns = await run({ ...base, learningRate: segments }, abcd);
    expect(turns.slice(1).map(({ decision }) => decision.slots)).toEqual(Array.from({ length: 8 }, () => 'reset'));
    const plans = turns.map(({ decision }) => decision.learningRate);
    expect(plans).toEqual([...[0, 5, 10, 15, 20, 25, 30, 35].map(start => ({ start, segments })), null]);
    expect((await run({ ...base, slots: 'keep' }, abcd))[1]?.decision.slots).toBe('keep');
    expect((await run(base, abcd)).every(({ decision }) => !('learningRate' in decision))).toBe(true);
  });

  it('lets rules keep single layers dense, and then promises no sparsity', async () => {
    const distribution = withRules(uniform, { dense: ['a'] });
    expect(gap({ ...base, distribution }).target).toBeUndefined();
    const end = (await run({ ...base, distribution }, abcd)).at(-1);
    expect(denseNames(end?.after ?? [])).toEqual(['a']);
  });

  it.each([
    { sparsity: 1 },
    { partitions: 0 },
    { partitions: 'stages' as never },
    { turns: 0 },
    { turns: 2.5 },
    { turnLength: 0 },
    { turnLength: 2 ** 53 - 1 },
    { order: 'shuffled' as never },
    { slots: 'clear' as never },
    { initialMasks: 'zero' as never },
    { distribution: 'uniform' as never },
    { learningRate: [] },
    { learningRate: [{ shape: 'constant', length: 1, value: -1 } as const] },
  ])('refuses %j when it is created', wrong => {
    expect(() => gap({ ...base, ...wrong })).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
