import { describe, expect, it } from 'vitest';
import type { Engine, Kernel } from '../engine/engine.js';
import { loadEngine } from '../engine/load.js';
import { checkWideKernels, compareEngines } from './check-wide.js';

const plainEngine = (): Promise<Engine> => loadEngine({ instructions: 'simd' });

/** An engine of which one kernel adds something to the last float that it wrote. */
function broken(engine: Engine, name: string, lanes: number): Engine {
  const right = engine.kernels[name] as Kernel;
  const wrong: Kernel = (record, begin, end, scratch) => {
    right(record, begin, end, scratch);
    const words = engine.heap.integers(record, 12);
    const output = words[9] as number;
    if (words[0] === lanes) engine.heap.floats(output, 1)[0] = (engine.heap.floats(output, 1)[0] as number) + 1;
  };
  return { ...engine, kernels: { ...engine.kernels, [name]: wrong } };
}

describe('the check of 256-bit kernels', () => {
  it('lets kernels pass that compute the same', async () => {
    const [one, other] = [await plainEngine(), await plainEngine()];
    expect(() => compareEngines(one, other)).not.toThrow();
  });

  it.each([
    ['convolution', 16],
    ['convolution', 56],
    ['pool', 64],
  ])('finds one wrong number of the %s at %d lanes', async (name, lanes) => {
    const wrong = broken(await plainEngine(), name, lanes);
    const plain = await plainEngine();
    expect(() => compareEngines(wrong, plain)).toThrow(
      expect.objectContaining({ code: 'WIDE_KERNELS_WRONG', lanes, message: expect.stringContaining('relaxed-simd') }),
    );
  });

  it('passes in Node 24 on x64, and is refused elsewhere', async () => {
    const [major, x64] = [Number.parseInt(process.versions.node, 10), process.arch === 'x64'];
    if (major >= 24 && x64) await expect(checkWideKernels()).resolves.toBeUndefined();
    else await expect(checkWideKernels()).rejects.toMatchObject({ code: 'WIDE_KERNELS_UNAVAILABLE' });
  });
});
