import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { toyGraph } from '../../test/plan/toy-graph.js';
import { compile } from '../plan/compile.js';
import type { RunOptions } from '../plan/run-options.js';
import type { TrainingLayer, TrainingOptions } from '../training/layer.js';
import { trainingProducts } from '../training/training-products.js';
import type { CompileOptions } from './options.js';
import { resolveOptions, threadsFor } from './options.js';

describe('options', () => {
  it.each([
    [{ threads: 0 }, 'threads'],
    [{ threads: 1.5 }, 'threads'],
    [{ threads: 257 }, 'threads'],
    [{ lanes: 24 }, 'lanes'],
    [{ instructions: 'avx' }, 'instructions'],
    [{ lanes: 48 }, 'lanes'],
    [{ layout: 'hwc' }, 'layout'],
    [{ tune: {} }, 'tune'],
    [{ tune: 'yes' }, 'tune'],
    [{ tune: null }, 'tune'],
  ])('out of range are refused: %j', async (options, option) => {
    const compiling = compile(toyGraph(), options as unknown as CompileOptions);
    await expect(compiling).rejects.toMatchObject({ code: 'INVALID_OPTION', option });
  });

  it.each([null, 'simd', 4])(
    'that are no object are refused, by a plan, its runs and training products: %j',
    async given => {
      const refused = { code: 'INVALID_OPTION', option: 'options', expected: 'an object' };
      const options = given as unknown as CompileOptions;
      await expect(compile(toyGraph(), options)).rejects.toMatchObject(refused);
      const layer: TrainingLayer = {
        kernelShape: [1, 1, 1, 1],
        mask: Uint8Array.of(1),
        inputShape: [1, 1, 1],
        batch: 1,
      };
      await expect(trainingProducts(layer, given as unknown as TrainingOptions)).rejects.toMatchObject(refused);
      const plan = await compile(toyGraph(), { threads: 1 });
      const image = new Float32Array(plan.inputShape.reduce((product, length) => product * length, 1));
      await expect(plan.run(image, given as unknown as RunOptions)).rejects.toMatchObject(refused);
      await expect(plan.profile(image, given as unknown as RunOptions)).rejects.toMatchObject(refused);
      await plan.dispose();
    },
  );

  it('have defaults: no tuning, channels last, the rest by the graph and the engine', () => {
    const { cache, ...rest } = resolveOptions({});
    expect(rest).toEqual({ tune: false, layout: 'nhwc', engine: 'auto' });
    expect(cache.get('anything')).toBeUndefined();
  });

  it('start threads by default only where there is work for them', async () => {
    expect(threadsFor(99_999, 8)).toBe(1);
    expect(threadsFor(100_000, 8)).toBe(8);
    expect(threadsFor(1e12, 1000)).toBe(256);
    // 12·12·3·3·3·8 multiply-accumulates are 31,104; 40·40·3·3·3·8 are 345,600.
    const [small, large] = await Promise.all([compile(toyGraph()), compile(toyGraph(40))]);
    expect(small.summary.threads).toBe(1);
    expect(large.summary.threads).toBe(availableParallelism());
    await Promise.all([small.dispose(), large.dispose()]);
  });
});
