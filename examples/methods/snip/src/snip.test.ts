import { EspalierError, type LayerView } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { snip } from './index.js';

const judged = (name: string, gradientTimesWeight: readonly number[]): LayerView => ({
  ...layer(
    name,
    gradientTimesWeight.map(() => 0),
  ),
  sums: { gradientTimesWeight: Float32Array.from(gradientTimesWeight) },
});

describe('snip', () => {
  it('keeps the largest |Σ g · w| of the whole network, whatever their signs', async () => {
    // 3 of 6 stay: |−9|, 5 and |−4|.
    const view = viewAt(0, judged('a', [1, -9]), judged('b', [5, 0.5, -4, 1]));
    const { masks, sums } = await snip({ sparsity: 0.5 }).decide(view, null);
    expect([...(masks ?? [])]).toEqual([
      ['a', Uint8Array.of(0, 1)],
      ['b', Uint8Array.of(1, 0, 1, 0)],
    ]);
    expect(sums).toBe('reset');
  });

  it('sums over the first batches without an update, looks once, and then trains as usual', () => {
    const method = snip({ sparsity: 0.9, batches: 2 });
    const plans = [0, 1, 2, 50].map(position => method.plan({ step: position, position, round: 0 }, null));
    const judge = { accumulate: ['gradientTimesWeight'], optimizer: 'skip' };
    expect(plans).toEqual([judge, { ...judge, observe: { kind: 'clock', sums: true } }, {}, {}]);
    expect(method.target).toEqual({ sparsity: 0.9, position: 1 });
    expect(method.start(viewAt(0)).masks).toBeUndefined();
  });

  it.each([
    [{ sparsity: 1 }, /"sparsity"/],
    [{ sparsity: 0.9, batches: 0 }, /"batches"/],
    [{ sparsity: 0.9, batches: 1.5 }, /"batches"/],
  ])('refuses %j when it is created', (options, message) => {
    expect(() => snip(options)).toThrow(expect.toSatisfy(EspalierError.isInstance));
    expect(() => snip(options)).toThrow(message);
  });
});
