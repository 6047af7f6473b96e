import { describe, expect, it } from 'vitest';
import { noise } from '../../../test/plan/compare.js';
import { toyGraph } from '../../../test/plan/toy-graph.js';
import { loadEngine } from '../../engine/load.js';
import { allocateTensor } from '../../engine/tensor.js';
import { programOf } from '../../executor/program.js';
import { callingThread } from '../../executor/thread-pool.js';
import type { ConvolutionNode } from '../../graph/graph.js';
import { convolutionVariants } from '../../kernels/index.js';
import { build } from '../build.js';
import { compile } from '../compile.js';
import { runBatch } from '../execution.js';
import { tuningKey } from './tuning-key.js';

const input = noise(30 * 30 * 3, 7);

describe('tuning', () => {
  it('does not change the result: all ways to partition a convolution give the same bits', async () => {
    // Without the layers after it, so that every pixel counts.
    const graph = { ...toyGraph(30, 12, 70), nodes: toyGraph(30, 12, 70).nodes.slice(0, 1), output: 'conv' };
    const conv = graph.nodes[0] as ConvolutionNode;
    const pixels = noise(30 * 30 * 70, 7);
    const results: Float32Array[] = [];
    const shapes = await loadEngine();
    const [image, value] = [70, 12].map(channels =>
      allocateTensor(shapes.heap, { height: 30, width: 30, channels }, 28),
    );
    const variants = convolutionVariants(conv, image!, value!, 2);
    expect(new Set(variants.map(({ chunk }) => chunk)).size).toBeGreaterThan(1);
    for (const variant of variants) {
      const engine = await loadEngine();
      const built = build(graph, engine, {
        lanes: 28,
        choices: new Map([['conv', { kernel: 'sparse', variant, variants }]]),
      });
      const pool = callingThread(engine, programOf(engine, built.commands));
      results.push(...(await runBatch({ engine, build: built, pool }, [pixels], 'nhwc', 1)));
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('keeps its choices in the cache and takes them from there', async () => {
    const cache = new Map<string, string>();
    const first = await compile(toyGraph(30, 16), { threads: 1, lanes: 28, tune: cache });
    expect(cache.size).toBe(1);
    const [key, kept] = [...cache][0]!;
    const conv = toyGraph(30, 16).nodes[0] as ConvolutionNode;
    const { heap } = await loadEngine();
    const [image, value] = [3, 16].map(channels =>
      allocateTensor(heap, { height: 30, width: 30, channels }, first.summary.lanes),
    );
    const other = convolutionVariants(conv, image!, value!, 1).find(variant => JSON.stringify(variant) !== kept)!;
    cache.set(key, JSON.stringify(other));
    const again = await compile(toyGraph(30, 16), { threads: 1, lanes: 28, tune: cache });
    expect(again.summary.layers[0]?.variant).toBe(`chunk ${other.chunk}, tiles ${other.tiles}, splits ${other.splits}`);
    expect(await again.run(input)).toEqual(await first.run(input));
    await Promise.all([first, again].map(plan => plan.dispose()));
  });

  it('ignores what does not fit in a cache, and replaces it', async () => {
    const cache = new Map<string, string>();
    const first = await compile(toyGraph(30, 16), { threads: 1, lanes: 28, tune: cache });
    const key = [...cache.keys()][0]!;
    for (const damaged of ['', '{', '{"chunk":-1}', 'null']) {
      cache.set(key, damaged);
      const again = await compile(toyGraph(30, 16), { threads: 1, lanes: 28, tune: cache });
      expect(cache.get(key)).not.toBe(damaged);
      expect(await again.run(input)).toEqual(await first.run(input));
      await again.dispose();
    }
    await first.dispose();
  });

  it('has a key for everything that the best choice depends on', async () => {
    const node = toyGraph(30, 16).nodes[0] as ConvolutionNode;
    const { heap } = await loadEngine();
    const tensor = allocateTensor(heap, { height: 30, width: 30, channels: 3 }, 28);
    const target = { threads: 1, instructions: 'simd' } as const;
    const engine = { process: { versions: { v8: '11.3' } } };
    const key = tuningKey(node, tensor, target, engine);
    const others = [
      tuningKey({ ...node, kernel: node.kernel.map((value, at) => (at % 2 ? value : 0)) }, tensor, target, engine),
      tuningKey({ ...node, strides: [2, 2] }, tensor, target, engine),
      tuningKey({ ...node, dilations: [2, 2] }, tensor, target, engine),
      tuningKey({ ...node, padding: { top: 0, bottom: 0, left: 0, right: 0 } }, tensor, target, engine),
      tuningKey({ ...node, inputs: ['image', 'other'] }, tensor, target, engine),
      tuningKey(node, { ...tensor, height: 31 }, target, engine),
      tuningKey(node, { ...tensor, lanes: 16 }, target, engine),
      tuningKey(node, tensor, { ...target, threads: 2 }, engine),
      tuningKey(node, tensor, { ...target, instructions: 'relaxed-simd' }, engine),
      tuningKey(node, tensor, target, { navigator: { userAgent: 'Firefox/153' } }),
    ];
    expect(new Set([key, ...others]).size).toBe(1 + others.length);
    expect(tuningKey({ ...node, name: 'other' }, tensor, target, engine)).toBe(key);
  });
});
