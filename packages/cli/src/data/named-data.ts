import { batchAt, sequentialBatches, toTensors } from '@espalier/datasets';
import { loadDataset } from '@espalier/datasets/node';
import type { Progress } from '../output/progress.js';
import { countsOf, type RunData } from './run-data.js';
import { showLoading } from './show-loading.js';

/** What loading needs besides a name or a path. */
export interface Loading {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** What `--memory-limit` says. */
  readonly memoryLimit: number | undefined;
}

/** Loads a dataset by its name, in no more memory than that if it is given, and shows how that goes. */
export async function namedData(name: string, { progress, signal, memoryLimit }: Loading): Promise<RunData> {
  const { train, test, normalization } = await loadDataset(name, {
    signal,
    onProgress: showLoading(progress),
    ...(memoryLimit === undefined ? {} : { maximumMemory: memoryLimit }),
  });
  // Images in color are cropped and mirrored, others only moved a little.
  const augment = train.shape[2] === 3 ? { crop: 4, flip: true } : { crop: 1 };
  return {
    name,
    testName: test.name,
    classes: train.classes,
    shape: train.shape,
    size: train.size,
    normalization,
    counts: () => countsOf(train),
    training: ({ batchSize, seed, normalize }) => ({
      batches: position => toTensors(batchAt(train, { position, batchSize, seed, augment, normalize })),
      close: async () => {},
    }),
    testing: (batchSize, normalize) =>
      function* () {
        for (const batch of sequentialBatches(test, { batchSize, normalize })) yield toTensors(batch);
      },
  };
}
