import { EspalierError, uniform, withRules } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LotteryTicketOptions, lotteryTicket } from './index.js';

const base: LotteryTicketOptions = { rounds: 2, fraction: 0.5, roundLength: 10, rewindTo: 3 };

describe('lotteryTicket', () => {
  it('observes step k − 1 of the first round and the end of every round but the last', () => {
    const method = lotteryTicket(base);
    const due = (round: number): string[] =>
      Array.from({ length: 30 }, (_, position) => {
        const { observe } = method.plan({ step: position, position, round }, null);
        return observe ? `${position}: ${observe.kind}` : '';
      }).filter(text => text !== '');
    expect(due(0)).toEqual(['2: clock', '9: weights']);
    expect(due(1)).toEqual(['9: weights']);
    expect(due(2)).toEqual([]);
  });

  it('takes its snapshot at the start for k = 0, and after step k − 1 otherwise', async () => {
    const start = (rewindTo: number): unknown => lotteryTicket({ ...base, rewindTo }).start(viewAt(0));
    expect(start(0)).toEqual({ state: null, phase: 'round 0', snapshot: 'rewind point' });
    expect(start(3)).toEqual({ state: null, phase: 'round 0' });
    expect(await lotteryTicket(base).decide(viewAt(2, layer('a', [])), null)).toEqual({
      state: null,
      snapshot: 'rewind point',
    });
    expect(lotteryTicket({ ...base, rewindTo: 0 }).plan({ step: 0, position: 0, round: 0 }, null)).toEqual({});
  });

  it('prunes, rewinds and resets the slots at the end of a round', async () => {
    // 6 active, ceil(0.5 · 6) = 3 go over both layers: |1|, |2|, |0.5|.
    const view = viewAt(9, layer('a', [1, -9, 2]), layer('b', [5, 0.5, -4]));
    expect(await lotteryTicket(base).decide(view, null)).toEqual({
      state: null,
      masks: new Map([
        ['a', Uint8Array.of(0, 1, 0)],
        ['b', Uint8Array.of(1, 0, 1)],
      ]),
      rewind: { snapshot: 'rewind point', restore: 'all' },
      slots: 'reset',
      phase: 'round 1',
    });
  });

  it('restores only the position for learning-rate rewinding', async () => {
    const view = viewAt({ position: 9, round: 1 }, layer('a', [1, -9, 2, 4]));
    const { rewind, phase } = await lotteryTicket({ ...base, rewind: 'learning-rate' }).decide(view, null);
    expect(rewind).toEqual({ snapshot: 'rewind point', restore: 'position' });
    expect(phase).toBe('ticket');
  });

  it('takes the fraction of what remains, not of the whole', async () => {
    // 3 of 6 are active, ceil(0.5 · 3) = 2 go.
    const view = viewAt(
      { position: 9, round: 1 },
      layer('a', [0, -9, 0], { mask: [0, 1, 0] }),
      layer('b', [5, 0, -4], { mask: [1, 0, 1] }),
    );
    const { masks } = await lotteryTicket(base).decide(view, null);
    expect(masks).toEqual(
      new Map([
        ['a', Uint8Array.of(0, 1, 0)],
        ['b', Uint8Array.of(0, 0, 0)],
      ]),
    );
  });

  it('lth L4: a layer that the distribution leaves dense is not counted in the fraction', async () => {
    const distribution = withRules(uniform, { dense: ['a'] });
    const method = lotteryTicket({ ...base, distribution });
    const four = [4, 3, 2, 1];
    const first = await method.decide(viewAt(9, layer('a', four), layer('b', four)), null);
    expect(first.masks?.get('b')).toEqual(Uint8Array.of(1, 1, 0, 0));
    const second = await method.decide(
      viewAt({ position: 9, round: 1 }, layer('a', four), layer('b', four, { mask: [1, 1, 0, 0] })),
      null,
    );
    expect([...(second.masks ?? [])]).toEqual([
      ['a', Uint8Array.of(1, 1, 1, 1)],
      ['b', Uint8Array.of(1, 0, 0, 0)],
    ]);
  });

  it('lth L2: gives nested masks', async () => {
    const entries = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(entries, entries, fc.constantFrom(undefined, 0.85), async (a, b, sparsity) => {
        const method = lotteryTicket({ rounds: 4, roundLength: 1, ...(sparsity === undefined ? {} : { sparsity }) });
        let layers = [layer('a', a), layer('b', b)];
        for (let round = 0; round < 4; round++) {
          const { masks } = await method.decide(viewAt({ position: 0, round }, ...layers), null);
          layers = layers.map(({ name, weights, mask }) => {
            const next = [...(masks?.get(name) ?? [])];
            expect(next.every((bit, i) => bit <= (mask[i] ?? 0))).toBe(true);
            return layer(
              name,
              weights.map(w => (w * 7) % 3),
              { mask: next },
            );
          });
        }
      }),
    );
  });

  it('promises a sparsity only if it was given one and no layer has rules of its own', () => {
    const given = { sparsity: 0.9, rounds: 3, roundLength: 10 };
    expect(lotteryTicket(given).target).toEqual({ sparsity: 0.9, position: 9 });
    expect(lotteryTicket(base).target).toBeUndefined();
    expect(lotteryTicket({ ...given, distribution: withRules(uniform, { dense: ['a'] }) }).target).toBeUndefined();
  });

  it('says in its options how many rounds a sparsity takes', () => {
    expect(lotteryTicket({ sparsity: 0.9, roundLength: 10 }).options).toEqual({
      roundLength: 10,
      rounds: 11,
      sparsity: 0.9,
      fraction: 0.2,
      rewindTo: 0,
      rewind: 'weights',
      distribution: 'global',
    });
  });

  it('cites the paper of the variant', () => {
    expect(lotteryTicket({ ...base, rewindTo: 0 }).citation).toMatch(/1803.03635/);
    expect(lotteryTicket(base).citation).toMatch(/1912.05671/);
    expect(lotteryTicket({ ...base, rewind: 'learning-rate' }).citation).toMatch(/2003.02389/);
  });

  it.each([
    { ...base, roundLength: 0 },
    { ...base, roundLength: 1.5 },
    { ...base, rewindTo: 10 },
    { ...base, rewindTo: -1 },
    { ...base, rewind: 'everything' as 'weights' },
    { ...base, sparsity: 0.9 },
  ])('refuses %j when it is created', options => {
    expect(() => lotteryTicket(options)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
