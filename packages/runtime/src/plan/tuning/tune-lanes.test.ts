import { describe, expect, it } from 'vitest';
import { toyGraph } from '../../../test/plan/toy-graph.js';
import { closeLanes, registersOf } from '../../executor/lanes.js';
import { tuneLanes } from './tune-lanes.js';

const target = { threads: 1, instructions: 'simd' } as const;

describe('the tile width', () => {
  it('is one of those that may be the best, and is remembered', async () => {
    const cache = new Map<string, string>();
    // 8 x 8 pixels: 64 = 4·16 = 2·32; 3·28 = 84.
    const lanes = await tuneLanes(toyGraph(8), target, cache);
    expect([16, 28, 32]).toContain(lanes);
    expect([...cache.values()]).toEqual([String(lanes)]);
    const [key] = cache.keys();
    const close = closeLanes(toyGraph(8), registersOf('simd'));
    expect(close.length).toBeGreaterThan(1);
    for (const other of close) {
      expect(await tuneLanes(toyGraph(8), target, new Map([[key as string, String(other)]]))).toBe(other);
    }
  });

  it('is timed anew where the cache holds nonsense or another network', async () => {
    const cache = new Map<string, string>();
    await tuneLanes(toyGraph(8), target, cache);
    const [key] = cache.keys();
    expect([16, 28, 32]).toContain(await tuneLanes(toyGraph(8), target, new Map([[key as string, '5']])));
    await tuneLanes(toyGraph(9), target, cache);
    expect(cache.size).toBe(2);
  });

  it('is a guess for a network without convolutions', async () => {
    const graph = toyGraph(8);
    const dense = { ...graph, nodes: graph.nodes.filter(({ kind }) => kind !== 'convolution') };
    const cache = new Map<string, string>();
    expect([16, 28, 32]).toContain(await tuneLanes(dense, target, cache));
    expect(cache.size).toBe(0);
  });
});
