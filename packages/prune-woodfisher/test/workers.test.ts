import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EspalierError } from '@espalier/core';
import { afterAll, describe, expect, it } from 'vitest';
import { type FisherExecutor, inThread, oneShotWoodFisher } from '../src/index.js';
import { workerExecutor } from '../src/node/index.js';
import { layer, viewAt } from './views.js';

const directory = mkdtempSync(join(tmpdir(), 'espalier-workers-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Two layers of several bands, a third that is masked entirely, and gradients for them. */
const wave = (length: number, rate: number): number[] => Array.from({ length }, (_, i) => Math.sin(rate * (i + 1)));
const layers = [layer('a', wave(90_000, 1.7)), layer('b', wave(700, 2.3)), layer('c', [0, 0], [0, 0])];
const samples = Array.from({ length: 20 }, (_, n) => ({
  a: wave(90_000, 0.9 + n / 7),
  b: wave(700, 0.4 + n / 7),
  c: [1, 1],
}));

/** Bits of the decision. */
async function decide(executor: FisherExecutor, blockSize: number, memoryLimit = 2 ** 30) {
  const method = oneShotWoodFisher({ sparsity: 0.7, samples: 20, blockSize, damping: 1e-3, executor, memoryLimit });
  const { masks, weights } = await method.decide(viewAt(0, layers, samples), null);
  const bits = (values: Float32Array): number[] => [
    ...new Uint32Array(values.buffer, values.byteOffset, values.length),
  ];
  return {
    masks: [...masks!].map(([name, mask]) => [name, Buffer.from(mask).toString('base64')]),
    weights: [...weights!].map(([name, values]) => [name, bits(values)]),
  };
}

async function errorOf(act: () => unknown): Promise<EspalierError> {
  try {
    await act();
  } catch (error) {
    if (EspalierError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('no error');
}

describe.each([
  ['direct', 6],
  ['Gram', 300],
])('workers, with blocks in the %s form', (_, blockSize) => {
  it('give the same bits as the calling thread, however many there are', async () => {
    const alone = await decide(inThread(), blockSize);
    expect(alone.weights.map(([name]) => name)).toEqual(['a', 'b']);
    for (const threads of [1, 2, 3]) expect(await decide(workerExecutor({ threads }), blockSize)).toEqual(alone);
  });

  it('give the same bits from a file, which is gone afterwards', async () => {
    const alone = await decide(inThread(), blockSize);
    let fileBytes = 0;
    const executor = workerExecutor({ threads: 2, spill: directory });
    const watched: FisherExecutor = {
      ...executor,
      open: bytes => {
        fileBytes = bytes;
        return executor.open(bytes);
      },
    };
    // In memory 84 bytes and more for each of 90 700 entries; in the file 84 exactly, and a band for each thread.
    expect(await decide(watched, blockSize, blockSize === 6 ? 1.5e7 : 2 ** 30)).toEqual(alone);
    if (blockSize === 6) expect(fileBytes).toBe(0);
    expect(await decide(watched, blockSize, 1.4e7)).toEqual(alone);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('workers', () => {
  it('are refused in impossible numbers', async () => {
    for (const threads of [0, 1.5, Number.NaN]) {
      expect((await errorOf(() => workerExecutor({ threads }))).code).toBe('INVALID_OPTION');
    }
    expect((await errorOf(() => workerExecutor({ spill: '' }))).code).toBe('INVALID_OPTION');
  });

  it('cannot use a directory that does not exist, or has no room', async () => {
    const missing = join(directory, 'missing');
    const error = await errorOf(() => workerExecutor({ threads: 1, spill: missing }).open(8));
    expect(error).toMatchObject({ code: 'FISHER_DISK', directory: missing, bytes: 8 });
    expect(existsSync(missing)).toBe(false);
    const full = await errorOf(() => workerExecutor({ threads: 1, spill: directory }).open(2 ** 60));
    expect(full).toMatchObject({ code: 'FISHER_DISK', reason: expect.stringMatching(/bytes are free/) });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('end when the gradients are too few or bad, and leave no file', async () => {
    const executor = workerExecutor({ threads: 2, spill: directory });
    const method = oneShotWoodFisher({ sparsity: 0.7, samples: 20, blockSize: 300, executor, memoryLimit: 1.4e7 });
    const few = await errorOf(() => method.decide(viewAt(0, layers, samples.slice(0, 17)), null));
    expect(few.code).toBe('MISSING_SAMPLES');
    const bad = samples.map(sample => ({ ...sample, b: sample.b.map(() => Number.NaN) }));
    const singular = await errorOf(() => method.decide(viewAt(0, layers, bad), null));
    expect(singular).toMatchObject({ code: 'SINGULAR_FISHER', layer: 'b' });
    expect(readdirSync(directory)).toEqual([]);
  });
});
