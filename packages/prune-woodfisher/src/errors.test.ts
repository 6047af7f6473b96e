import { EspalierError } from '@espalier/core';
import { layer } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { sampledAt } from '../test/samples.js';
import { type FisherProgress, oneShotWoodFisher, woodFisher } from './index.js';

const codeOf = async (act: () => unknown): Promise<string> => {
  try {
    await act();
  } catch (error) {
    return EspalierError.isInstance(error) ? error.code : String(error);
  }
  return 'no error';
};

const cadence = { start: 0, end: 30, every: 10 };
const ten = layer(
  'w',
  Array.from({ length: 10 }, (_, i) => i + 1),
);
const gradient = { w: Array.from({ length: 10 }, (_, i) => 1 / (i + 1)) };

describe('options', () => {
  it.each([
    { sparsity: 1, cadence },
    { sparsity: 0.9, cadence: { start: 10, end: 5, every: 1 } },
    { sparsity: 0.5, cadence, initialSparsity: 0.6 },
    { sparsity: 0.5, cadence, schedule: () => 0.4 },
    { sparsity: 0.5, cadence, samples: 0 },
    { sparsity: 0.5, cadence, blockSize: 1.5 },
    { sparsity: 0.5, cadence, damping: 0 },
    { sparsity: 0.5, cadence, damping: Number.NaN },
    { sparsity: 0.5, cadence, compensation: -1 },
    { sparsity: 0.5, cadence, memoryLimit: 0 },
  ])('refuses %j when the method is created', async options => {
    expect(await codeOf(() => woodFisher(options))).toBe('INVALID_OPTION');
  });

  it('refuses a one-shot position that is not a step', async () => {
    expect(await codeOf(() => oneShotWoodFisher({ sparsity: 0.5, position: 1.5 }))).toBe('INVALID_OPTION');
  });
});

describe('memory', () => {
  // Ten entries in blocks of 5, direct form: 2 · 15 packed float64 + 10 · (16 · 4 of a segment + 8 diagonal + 8 vector
  // + 4 index) = 1080 bytes.
  const startWith = (memoryLimit: number, blockSize: number) => () =>
    oneShotWoodFisher({ sparsity: 0.5, samples: 100, blockSize, memoryLimit }).start(sampledAt(0, [ten], []));

  it('is checked before training, to the byte', async () => {
    expect(await codeOf(startWith(1080, 5))).toBe('no error');
    expect(await codeOf(startWith(1079, 5))).toBe('FISHER_TOO_LARGE');
  });

  it('is that of the Gram form where there are fewer gradients than entries in a block', async () => {
    // 20 entries, 5 gradients: 20 · (5 · 4 gradients + 20) + 15 · 8 Gram = 920; direct: 20 · (20 + 20) + 210 · 8 =
    // 2480.
    const twenty = layer('w', Array(20).fill(1));
    const start = (memoryLimit: number) => () =>
      oneShotWoodFisher({ sparsity: 0.5, samples: 5, blockSize: 20, memoryLimit }).start(sampledAt(0, [twenty], []));
    expect(await codeOf(start(920))).toBe('no error');
    expect(await codeOf(start(919))).toBe('FISHER_TOO_LARGE');
  });

  it('is named in the error, with a block size that does fit', async () => {
    // One block of 10: 55 · 8 + 840 = 1280 bytes. Blocks of 5 take 1080, of 6 (21 + 10) · 8 + 840 = 1088.
    expect(startWith(1080, 10)).toThrow(
      expect.objectContaining({ bytes: 1280, limit: 1080, blockSize: 10, fitting: 5 }),
    );
    expect(startWith(100, 10)).toThrow(/1280 bytes.*Raise memoryLimit/s);
  });

  it('cannot be more than WebAssembly addresses for one block, whatever the limit', async () => {
    const wide = layer('w', Array(40_000).fill(1));
    const options = { sparsity: 0.5, samples: 100_000, memoryLimit: Number.POSITIVE_INFINITY };
    const start = (blockSize: number) => () =>
      oneShotWoodFisher({ ...options, blockSize }).start(sampledAt(0, [wide], []));
    expect(start(40_000)).toThrow(expect.objectContaining({ code: 'FISHER_TOO_LARGE', fitting: 30_000 }));
    expect(await codeOf(start(30_000))).toBe('no error');
  });

  it('shrinks with what is masked already', async () => {
    const half = layer('w', [...ten.weights], { mask: [1, 1, 1, 1, 1, 0, 0, 0, 0, 0] });
    const method = oneShotWoodFisher({ sparsity: 0.5, samples: 100, blockSize: 10, memoryLimit: 540 });
    expect(await codeOf(() => method.start(sampledAt(0, [half], [])))).toBe('no error'); // 15 · 8 + 5 · 84
    expect(await codeOf(() => method.start(sampledAt(0, [ten], [])))).toBe('FISHER_TOO_LARGE');
  });
});

describe('the stream of gradients', () => {
  const method = (samples: number, more = {}) => oneShotWoodFisher({ sparsity: 0.5, samples, ...more });

  it('must have as many as were asked for', async () => {
    expect(await codeOf(() => method(3).decide(sampledAt(0, [ten], [gradient, gradient]), null))).toBe(
      'MISSING_SAMPLES',
    );
  });

  it('is not asked for more than that', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<ReadonlyMap<string, Float32Array>> {
      for (;;) {
        asked++;
        yield new Map([['w', Float32Array.from(gradient.w)]]);
      }
    }
    await method(3).decide({ ...sampledAt(0, [ten], []), samples: endless() }, null);
    expect(asked).toBe(3);
  });

  it('must cover every layer', async () => {
    expect(await codeOf(() => method(1).decide(sampledAt(0, [ten], [{}]), null))).toBe('SHAPE_MISMATCH');
  });

  it.each([
    [Number.NaN, 50],
    [Number.POSITIVE_INFINITY, 50],
    [Number.NaN, 1],
  ])('must be finite: %d in blocks of %d is reported with the layer', async (bad, blockSize) => {
    const sample = { w: gradient.w.map((g, i) => (i === 7 ? bad : g)) };
    const decide = () => method(8, { blockSize }).decide(sampledAt(0, [ten], Array(8).fill(sample)), null);
    await expect(decide()).rejects.toMatchObject({ code: 'SINGULAR_FISHER', layer: 'w' });
  });

  it('is reported gradient by gradient, then the inversion band by band', async () => {
    const seen: FisherProgress[] = [];
    const onProgress = (progress: FisherProgress): void => void seen.push(progress);
    // Ten entries in blocks of 4: three blocks, one band.
    await method(3, { onProgress, blockSize: 4 }).decide(sampledAt(0, [ten], [gradient, gradient, gradient]), null);
    expect(seen).toEqual([
      ...[1, 2, 3].map(gradients => ({ gradients, samples: 3, inverted: 0, blocks: 3 })),
      { gradients: 3, samples: 3, inverted: 3, blocks: 3 },
    ]);
  });

  it('may reuse its arrays, because none is kept', async () => {
    const rows = [gradient.w, gradient.w.toReversed(), gradient.w.map(g => -2 * g)];
    const fresh = await method(3).decide(
      sampledAt(
        0,
        [ten],
        rows.map(w => ({ w })),
      ),
      null,
    );
    const reused = new Map([['w', new Float32Array(10)]]);
    async function* stream(): AsyncGenerator<ReadonlyMap<string, Float32Array>> {
      for (const row of rows) {
        reused.get('w')!.set(row);
        yield reused;
      }
      reused.get('w')!.fill(Number.NaN);
    }
    const again = await method(3).decide({ ...sampledAt(0, [ten], []), samples: stream() }, null);
    expect(again.weights).toEqual(fresh.weights);
  });
});
