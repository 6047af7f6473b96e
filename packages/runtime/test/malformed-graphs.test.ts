import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphFromDescription } from '../src/graph/description/graph-from-description.js';
import type { Graph } from '../src/graph/graph.js';
import { full, tensors } from './graph/description.js';
import { changedGraph, graphChanges } from './malformed/change-graph.js';
import { outcome } from './malformed/outcome.js';

/** A graph with a node of every kind but `globalPool`. */
const graph = graphFromDescription(full, tensors);

describe('a graph', () => {
  it('of every kind of node runs', async () => {
    expect(new Set(graph.nodes.map(({ kind }) => kind)).size).toBe(10);
    expect(await outcome(graph, 'unchanged')).toBe('runs');
  });

  it('that needs more memory than there is is refused before its weights are packed', async () => {
    const shape = [16_384, 16_384, 1] as const; // 1 GiB as it comes, 1 GiB as it is computed with
    const node = { kind: 'activation', name: 'y', inputs: ['x'], shape, activation: 'relu' } as const;
    const huge: Graph = { input: { name: 'x', shape }, nodes: [node], output: 'y' };
    expect(await outcome(huge, 'huge')).toBe('HEAP_FULL');
  });

  it('that was changed at random runs or is refused with a code', async () => {
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(graphChanges, async changes => {
        const result = await outcome(changedGraph(graph, changes), JSON.stringify(changes));
        outcomes.add(result);
      }),
      { numRuns: 1500 },
    );
    expect([...outcomes].filter(code => !['INVALID_GRAPH', 'HEAP_FULL', 'runs'].includes(code))).toEqual([]);
    expect([...outcomes]).toEqual(expect.arrayContaining(['INVALID_GRAPH', 'runs']));
  }, 60_000);
});
