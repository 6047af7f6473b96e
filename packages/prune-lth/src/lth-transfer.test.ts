import { EspalierError, type LayerView } from '@espalier/core';
import { layer as layerOf, viewAt } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { convolutionsButFirst, lthTransfer } from './index.js';

const layer = (name: string, shape: number[], mask?: number[]): LayerView => {
  const size = shape.reduce((product, part) => product * part, 1);
  const bits = mask ?? Array<number>(size).fill(1);
  return layerOf(
    name,
    bits.map((_, i) => i + 1),
    { mask: bits, shape },
  );
};

const network = [
  layer('conv1/kernel', [1, 1, 1, 5]),
  layer('conv2/kernel', [1, 1, 5, 2]),
  layer('temporal/kernel', [3, 2, 2]),
  layer('conv3/kernel', [1, 1, 2, 5]),
  layer('head/kernel', [5, 3]),
];

describe('convolutionsButFirst', () => {
  it('leaves out the first convolution and everything that is no two-dimensional one', () => {
    expect(convolutionsButFirst(network).map(({ name }) => name)).toEqual(['conv2/kernel', 'conv3/kernel']);
    expect(convolutionsButFirst(network.slice(0, 1))).toEqual([]);
  });
});

describe('lthTransfer', () => {
  it('prunes the pre-trained weights before any step, and remembers them', () => {
    // 20 entries in two layers with the values 1 to 10 each; round(0.2 · 20) = 4 go: the ones and twos.
    expect(lthTransfer({ rounds: 3, roundLength: 5 }).start(viewAt(0, ...network))).toEqual({
      state: null,
      snapshot: 'pre-trained',
      masks: new Map([
        ['conv2/kernel', Uint8Array.of(0, 0, 1, 1, 1, 1, 1, 1, 1, 1)],
        ['conv3/kernel', Uint8Array.of(0, 0, 1, 1, 1, 1, 1, 1, 1, 1)],
      ]),
      phase: 'round 0',
    });
  });

  it('prunes 20 % of what remains after each round and restores everything', async () => {
    // 16 remain; round(3.2) = 3 go: both threes and, by the tie rule, the four of the later layer.
    const eight = [0, 0, 1, 1, 1, 1, 1, 1, 1, 1];
    const layers = [
      network[0]!,
      layer('conv2/kernel', [1, 1, 5, 2], eight),
      layer('conv3/kernel', [1, 1, 2, 5], eight),
    ];
    expect(await lthTransfer({ rounds: 3, roundLength: 5 }).decide(viewAt(4, ...layers), null)).toEqual({
      state: null,
      masks: new Map([
        ['conv2/kernel', Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 1, 1, 1)],
        ['conv3/kernel', Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 1)],
      ]),
      rewind: { snapshot: 'pre-trained', restore: 'all' },
      slots: 'reset',
      phase: 'round 1',
    });
  });

  it('ends at the position where the rounds end: the last restoration leaves it there', async () => {
    const method = lthTransfer({ rounds: 3, roundLength: 5 });
    const last = await method.decide({ ...viewAt(4, ...network), clock: { step: 9, position: 4, round: 1 } }, null);
    expect(last).toMatchObject({ rewind: { snapshot: 'pre-trained', restore: 'weights' }, phase: 'ticket' });
  });

  it('observes the ends of the training rounds, one fewer than prunings, and skips updates from then on', () => {
    const method = lthTransfer({ rounds: 3, roundLength: 5 });
    const plans = (round: number): unknown[] =>
      [3, 4, 5].map(position => method.plan({ step: 0, position, round }, null));
    expect(plans(0)).toEqual([{}, { observe: { kind: 'weights' } }, {}]);
    expect(plans(1)).toEqual(plans(0));
    expect(plans(2)).toEqual([{ optimizer: 'skip' }, { optimizer: 'skip' }, { optimizer: 'skip' }]);
  });

  it('is finished at the start with a single round', () => {
    const method = lthTransfer({ sparsity: 0.5, rounds: 1, roundLength: 5, except: [] });
    expect(method.start(viewAt(0, ...network)).phase).toBe('ticket');
    expect(method.plan({ step: 0, position: 0, round: 0 }, null)).toEqual({
      optimizer: 'skip',
      observe: { kind: 'weights' },
    });
    expect(method.plan({ step: 4, position: 4, round: 1 }, null)).toEqual({ optimizer: 'skip' });
    expect(method.target).toEqual({ sparsity: 0.5, position: 0 });
  });

  it('lth L4: leaves the masks of excluded layers alone and does not count them', () => {
    const method = lthTransfer({ sparsity: 0.5, rounds: 1, roundLength: 5, except: ['conv2/kernel', 'head/kernel'] });
    const { masks } = method.start(viewAt(0, ...network));
    expect([...(masks?.keys() ?? [])]).toEqual(['conv1/kernel', 'temporal/kernel', 'conv3/kernel']);
    const kept = [...(masks?.values() ?? [])].flatMap(mask => [...mask]).reduce((sum, bit) => sum + bit, 0);
    expect(kept).toBe(14); // round((5 + 12 + 10) · 0.5), where 13.5 rounds up
    expect(method.target).toBeUndefined();
  });

  it('promises a sparsity only over all layers', () => {
    const amount = { sparsity: 0.5, rounds: 2, roundLength: 5 };
    expect(lthTransfer({ ...amount, except: [] }).target).toEqual({ sparsity: 0.5, position: 4 });
    expect(lthTransfer(amount).target).toBeUndefined();
  });

  it('refuses a model in which its rule finds nothing, and says what to give', () => {
    const dense = [layer('head/kernel', [5, 3])];
    expect(() => lthTransfer({ rounds: 1, roundLength: 5 }).start(viewAt(0, ...dense))).toThrow(
      /"except".*e\.g\. \[\]/,
    );
    const all = lthTransfer({ rounds: 1, roundLength: 5, except: ['head/kernel'] });
    expect(() => all.start(viewAt(0, ...dense))).toThrow(/leaves a layer to prune/);
    const unknown = lthTransfer({ rounds: 1, roundLength: 5, except: ['haed/kernel'] });
    expect(() => unknown.start(viewAt(0, ...dense))).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });

  it.each([
    { roundLength: 0, rounds: 2 },
    { roundLength: 5 },
    { roundLength: 5, rounds: 2, sparsity: 0.5, fraction: 0.2 },
  ])('refuses %j when it is created', options => {
    expect(() => lthTransfer(options)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
