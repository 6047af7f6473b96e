import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EspalierError } from '@espalier/core';
import { layer } from '@espalier/core/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { type FisherExecutor, inThread, oneShotWoodFisher } from '../src/index.js';
import { workerExecutor } from '../src/node/index.js';
import { sampledAt } from './samples.js';

const directory = mkdtempSync(join(tmpdir(), 'espalier-workers-'));
afterAll(() => rmSync(directory, { recursive: true }));

const wave = (length: number, rate: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(rate * (i + 1)));
const noise = wave(70_000, 1.7);
/** Two layers of several bands, and a third that is masked entirely. */
const layers = [
  layer('a', [...wave(60_000, 2.1)]),
  layer('b', [...wave(700, 2.3)]),
  layer('c', [0, 0], { mask: [0, 0] }),
];

/** Windows into noise as gradients. */
async function* gradients(count: number, scale = 1): AsyncGenerator<ReadonlyMap<string, Float32Array>> {
  for (let n = 0; n < count; n++) {
    const from = 37 * n;
    const b = noise.slice(from + 11, from + 711).map(value => scale * value);
    yield new Map([
      ['a', noise.subarray(from, from + 60_000)],
      ['b', b],
      ['c', new Float32Array(2)],
    ]);
  }
}

const N = 200;
interface Case {
  readonly executor: FisherExecutor;
  readonly blockSize: number;
  readonly memoryLimit?: number;
}

function decideWith({ executor, blockSize, memoryLimit = 2 ** 30 }: Case, stream = gradients(N)) {
  const method = oneShotWoodFisher({ sparsity: 0.7, samples: N, blockSize, damping: 1e-3, executor, memoryLimit });
  return method.decide({ ...sampledAt(0, layers, []), samples: stream }, null);
}

/** Bits of the decision. */
async function bitsOf(given: Case): Promise<string[]> {
  const { masks, weights } = await decideWith(given);
  const bits = (values: Float32Array): string =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
  return [
    ...[...masks!].map(([name, mask]) => `${name} ${Buffer.from(mask).toString('base64')}`),
    ...[...weights!].map(([name, values]) => `${name} ${bits(values)}`),
  ];
}

/** Workers with a file, and how many bytes each estimate wanted it to have. */
function spilling(threads: number): { executor: FisherExecutor; sizes: number[] } {
  const executor = workerExecutor({ threads, spill: directory });
  const sizes: number[] = [];
  const open = (bytes: number) => {
    sizes.push(bytes);
    return executor.open(bytes);
  };
  return { executor: { ...executor, open }, sizes };
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

/*
 * Of 60 700 entries with 200 gradients. Direct, blocks of 150: 688 bytes an entry in memory, 42 MB; with a file 84
 * bytes an entry and, for the one thread, a band of 29 MB: 34 MB. Gram, blocks of 600: 1088 bytes, 66 MB; with a file
 * and two threads 5 MB and twice 22 MB.
 */
describe.each([
  { form: 'direct', blockSize: 150, threads: 1, memoryLimit: 3.8e7 },
  { form: 'Gram', blockSize: 600, threads: 2, memoryLimit: 5.5e7 },
])('workers, with blocks in the $form form', ({ blockSize, threads, memoryLimit }) => {
  it('give the same bits as the calling thread, however many there are, and from a file, which is gone afterwards', async () => {
    const alone = await bitsOf({ executor: inThread(), blockSize });
    expect(alone).toHaveLength(3 + 2);
    const inMemory = spilling(3);
    expect(await bitsOf({ executor: inMemory.executor, blockSize })).toEqual(alone);
    expect(inMemory.sizes).toEqual([0]);
    const { executor, sizes } = spilling(threads);
    expect(await bitsOf({ executor, blockSize, memoryLimit })).toEqual(alone);
    expect(sizes[0]).toBeGreaterThan(4 * N * 60_700);
    expect(readdirSync(directory)).toEqual([]);
  }, 300_000);
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
    const { executor, sizes } = spilling(2);
    const given = { executor, blockSize: 600, memoryLimit: 5.5e7 };
    expect((await errorOf(() => decideWith(given, gradients(40)))).code).toBe('MISSING_SAMPLES');
    const singular = await errorOf(() => decideWith(given, gradients(N, Number.NaN)));
    expect(singular).toMatchObject({ code: 'SINGULAR_FISHER', layer: 'b' });
    expect(sizes.every(bytes => bytes > 0)).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('end when the stream of gradients throws, and leave no file', async () => {
    const { executor, sizes } = spilling(2);
    const stopped = new Error('stopped by its user');
    async function* stream() {
      yield* gradients(20);
      throw stopped;
    }
    await expect(decideWith({ executor, blockSize: 600, memoryLimit: 5.5e7 }, stream())).rejects.toBe(stopped);
    expect(sizes[0]).toBeGreaterThan(0);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('cannot help where not even a file does: what every entry takes is still asked for', async () => {
    const { executor, sizes } = spilling(2);
    const tooLarge = await errorOf(() => decideWith({ executor, blockSize: 600, memoryLimit: 5e6 }));
    expect(tooLarge).toMatchObject({ code: 'FISHER_TOO_LARGE', limit: 5e6 });
    expect(sizes).toEqual([]);
  });
});
