import { InvalidOptionError } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchAt, sequentialBatches } from '../batch/batch.js';
import { MalformedDataError } from '../errors.js';
import { syntheticImages } from '../formats/synthetic.js';
import type { ImageFiles } from './decoded-image.js';
import { imageFilesOf, imageFilesSubset } from './image-files.js';
import type { ImageTransform } from './image-transform.js';
import { randomResizedCrop } from './random-resized-crop.js';
import { resizeImage } from './resize.js';
import { resizeAndCrop } from './resize-and-crop.js';
import { streamBatches, streamSequentialBatches } from './stream.js';
import type { StreamBatchesOptions } from './stream-options.js';

const size = 23;
const dataset = syntheticImages({ size, seed: 1, shape: [6, 6, 3] });
const files = imageFilesOf(dataset);
const asItIs: ImageTransform = { size: 6, apply: image => image };
const normalize = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] };

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of stream) found.push(item);
  return found;
}
const pause = (milliseconds = 2): Promise<void> => new Promise(done => setTimeout(done, milliseconds));

/** Counts the reads that are going on, the most there have been, and all of them; later images are faster. */
function watched(change: Partial<ImageFiles> = {}): { files: ImageFiles; now: number; most: number; all: number } {
  const state = {
    now: 0,
    most: 0,
    all: 0,
    files: {
      ...files,
      read: async (index: number) => {
        state.all++;
        state.most = Math.max(state.most, ++state.now);
        await pause(index % 3);
        state.now--;
        return files.read(index);
      },
      ...change,
    },
  };
  return state;
}

describe('streamBatches', () => {
  it('gives the batches of batchAt at every position, over several epochs', async () => {
    const options = { batchSize: 5, seed: 9, normalize };
    const streamed = await collect(streamBatches(files, { ...options, transform: asItIs, from: 2, to: 11 }));
    expect(streamed.length).toBe(9);
    streamed.forEach((batch, i) => {
      const wanted = batchAt(dataset, { ...options, position: 2 + i });
      expect([...batch.labels]).toEqual([...wanted.labels]);
      expect([batch.size, batch.shape, batch.classes]).toEqual([5, [6, 6, 3], wanted.classes]);
      // A byte is a step of 1/255, and the smallest deviation is 0.2.
      const errors = batch.images.map((value, j) => Math.abs(value - wanted.images[j]!));
      expect(Math.max(...errors)).toBeLessThan(0.5 / 255 / 0.2 + 1e-6);
    });
  });

  it('goes to the end of the epoch if not told otherwise, and keeps the order if not shuffled', async () => {
    const transform = asItIs;
    expect((await collect(streamBatches(files, { batchSize: 5, transform, from: 6 }))).length).toBe(2);
    const [first] = await collect(streamBatches(files, { batchSize: 5, transform, shuffle: false, to: 1 }));
    expect([...first!.labels]).toEqual([0, 1, 2, 3, 4].map(index => files.label(index)));
  });

  it('does not depend on how much is read at the same time, nor on where it begins', async () => {
    const bounds = fc.record({ prefetch: fc.nat(3), maximumDecoded: fc.integer({ min: 1, max: 9 }), from: fc.nat(6) });
    const options: StreamBatchesOptions = { batchSize: 4, seed: 2, transform: randomResizedCrop({ size: 4 }), to: 7 };
    const wanted = await collect(streamBatches(files, options));
    await fc.assert(
      fc.asyncProperty(bounds, async bound => {
        const batches = await collect(streamBatches(watched().files, { ...options, ...bound }));
        expect(batches).toEqual(wanted.slice(bound.from));
      }),
      { numRuns: 15 },
    );
  });

  it('decodes no more images at once than allowed, and as many', async () => {
    const state = watched();
    await collect(streamBatches(state.files, { batchSize: 11, transform: asItIs, maximumDecoded: 3 }));
    expect([state.most, state.all]).toEqual([3, 22]);
  });

  it('reads only as far ahead as allowed while the caller is busy', async () => {
    for (const prefetch of [0, 2]) {
      const state = watched();
      const stream = streamBatches(state.files, { batchSize: 2, transform: asItIs, prefetch, to: 9 });
      await stream.next();
      await pause(30);
      expect(state.all).toBe(2 * (1 + prefetch));
      await stream.next();
      await pause(30);
      expect(state.all).toBe(2 * (2 + prefetch));
      await stream.return();
    }
  });

  it('reads nothing any more once the caller has left', async () => {
    const state = watched();
    for await (const _ of streamBatches(state.files, {
      batchSize: 2,
      transform: asItIs,
      prefetch: 9,
      maximumDecoded: 1,
    }))
      break;
    const read = state.all;
    expect(state.now).toBe(0);
    await pause(20);
    expect(state.all).toBe(read);
    expect(read).toBeLessThan(6);
  });

  it('fails at the batch of the image that cannot be read, with its path', async () => {
    const read = async (index: number) => {
      if (index >= 8) throw new Error('no such disk');
      return files.read(index);
    };
    const state = watched({ read, path: index => `/photos/${index}.jpg` });
    const stream = streamBatches(state.files, { batchSize: 5, transform: asItIs, shuffle: false, prefetch: 3 });
    expect((await stream.next()).value?.size).toBe(5);
    const failure = stream.next();
    await expect(failure).rejects.toThrow(MalformedDataError);
    await expect(failure).rejects.toThrow('/photos/8.jpg: could not be read (no such disk)');
    expect((await stream.next()).done).toBe(true);
  });

  it('refuses what is no image, or a transform of another size than it says', async () => {
    const torn = { ...files, read: async () => ({ height: 2, width: 2, pixels: new Uint8Array(11) }) };
    await expect(collect(streamBatches(torn, { batchSize: 1, transform: asItIs }))).rejects.toThrow(
      '2x2 pixels of 3 bytes',
    );
    const wrong = { ...asItIs, size: 7 };
    await expect(collect(streamBatches(files, { batchSize: 1, transform: wrong }))).rejects.toThrow(
      '6x6 instead of 7x7',
    );
  });

  it('names the image that a transform refuses', async () => {
    const long = { ...files, read: async () => ({ height: 1, width: 2 ** 20, pixels: new Uint8Array(3 * 2 ** 20) }) };
    const transform: ImageTransform = { size: 1, apply: image => resizeImage(image, { height: 2 ** 30, width: 1 }) };
    const attempt = collect(streamBatches(long, { batchSize: 1, transform, shuffle: false }));
    await expect(attempt).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    await expect(attempt).rejects.toThrow(`${files.path(0)}: no image can be made of it (Option "height"`);
  });

  it('ends at once when its signal is aborted, even if a file never comes', async () => {
    const controller = new AbortController();
    const stuck = { ...files, read: () => new Promise<never>(() => undefined) };
    const stream = streamBatches(stuck, { batchSize: 2, transform: asItIs, signal: controller.signal });
    const next = stream.next();
    controller.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    const signal = AbortSignal.abort(new Error('never'));
    const state = watched();
    await expect(streamBatches(state.files, { batchSize: 2, transform: asItIs, signal }).next()).rejects.toThrow(
      'never',
    );
    expect(state.all).toBe(0);
  });

  it.each([
    [{ batchSize: 0 }],
    [{ batchSize: 24 }],
    [{ from: -1 }],
    [{ from: 5, to: 4 }],
    [{ to: 2 ** 52 }],
    [{ seed: 0.5 }],
    [{ prefetch: -1 }],
    [{ maximumDecoded: 0 }],
    [{ normalize: { mean: [0], std: [1] } }],
  ])('refuses %j', async change => {
    const stream = streamBatches(files, { batchSize: 4, transform: asItIs, ...change });
    await expect(stream.next()).rejects.toThrow(InvalidOptionError);
  });
});

describe('streamSequentialBatches', () => {
  it('gives every image once and in order, the last batch smaller', async () => {
    const streamed = await collect(streamSequentialBatches(watched().files, { batchSize: 9, transform: asItIs }));
    expect(streamed.map(batch => [...batch.labels])).toEqual(
      [...sequentialBatches(dataset, { batchSize: 9 })].map(batch => [...batch.labels]),
    );
  });

  it('gives nothing for an empty list', async () => {
    const none = imageFilesSubset(files, []);
    expect(await collect(streamSequentialBatches(none, { batchSize: 9, transform: resizeAndCrop() }))).toEqual([]);
  });
});
