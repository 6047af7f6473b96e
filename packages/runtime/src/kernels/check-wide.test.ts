import { describe, expect, it } from 'vitest';
import { loadEngines } from '../../test/kernels/engines.js';
import type { Engine, Heap } from '../engine/engine.js';
import type { Kernel } from '../engine/kernel.js';
import { loadEngine } from '../engine/load.js';
import { checkWideKernels, compareEngines } from './check-wide.js';

const plainEngine = (): Promise<Engine> => loadEngine({ instructions: 'simd' });

/**
 * Where kernels find their lanes (undefined: they have none) and the first number that they write, given their record.
 */
const places: Readonly<Record<string, { readonly lanes?: number; output(words: Int32Array, heap: Heap): number }>> = {
  convolution: { lanes: 0, output: words => words[9] as number },
  pool: { lanes: 0, output: words => words[9] as number },
  add: { lanes: 7, output: words => words[4] as number },
  normalize: { lanes: 7, output: words => words[4] as number },
  binary: { lanes: 6, output: words => words[3] as number },
  softmaxOfChannels: { lanes: 5, output: words => words[2] as number },
  globalPool: { lanes: 0, output: words => words[5] as number },
  fullDense: { output: words => words[4] as number },
  sparseDense: { output: words => words[4] as number },
  winograd: { lanes: 1, output: words => words[19] as number },
  // Of its first result: sums, values, count.
  filterGradient: { lanes: 0, output: (words, heap) => heap.integers(words[4] as number, 3)[1] as number },
};

/** An engine of which one kernel adds 1 to the first number that it writes. */
function broken(engine: Engine, name: string, lanes: number): Engine {
  const right = engine.kernels[name] as Kernel;
  const place = places[name] as (typeof places)[string];
  const wrong: Kernel = (record, begin, end, scratch) => {
    right(record, begin, end, scratch);
    const words = engine.heap.integers(record, 24);
    if (place.lanes !== undefined && words[place.lanes] !== lanes) return;
    const result = engine.heap.floats(place.output(words, engine.heap), 1);
    result[0] = (result[0] as number) + 1;
  };
  return { ...engine, kernels: { ...engine.kernels, [name]: wrong } };
}

describe('the check of 256-bit kernels', () => {
  it('lets kernels pass that compute the same, with fused multiply-add, too', async () => {
    const [plain, fused] = (await loadEngines()) as [Engine, Engine];
    expect(() => compareEngines(fused, plain)).not.toThrow();
  });

  it.each([
    ['convolution', 16],
    ['convolution', 56],
    ['pool', 64],
    ['add', 28],
    ['normalize', 32],
    ['binary', 56],
    ['softmaxOfChannels', 28],
    ['globalPool', 16],
    ['fullDense', 16],
    ['sparseDense', 16],
    ['filterGradient', 56],
    ['winograd', 32],
    ['winograd', 56],
  ])('finds one wrong number of the %s at %d lanes', async (name, lanes) => {
    const wrong = broken(await plainEngine(), name, lanes);
    const plain = await plainEngine();
    expect(() => compareEngines(wrong, plain)).toThrow(
      expect.objectContaining({ code: 'WIDE_KERNELS_WRONG', lanes, message: expect.stringContaining('relaxed-simd') }),
    );
  });

  it.each([false, true])('passes in Node 24 on x64, and is refused elsewhere (shared memory: %s)', async shared => {
    const [major, x64] = [Number.parseInt(process.versions.node, 10), process.arch === 'x64'];
    if (major >= 24 && x64) await expect(checkWideKernels(shared)).resolves.toBeUndefined();
    else await expect(checkWideKernels(shared)).rejects.toMatchObject({ code: 'WIDE_KERNELS_UNAVAILABLE' });
  });
});
