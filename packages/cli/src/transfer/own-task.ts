import { imagenetNormalization } from '@espalier/datasets';
import { loadImages } from '@espalier/datasets/node';
import type { TransferTask } from '@espalier/transfer';
import type { DataRequest } from '../data/data-request.js';
import { sayImages } from '../data/say-images.js';
import { showLoading } from '../data/show-loading.js';
import type { Progress } from '../output/progress.js';

/** What loading needs besides the path. */
export interface TaskLoading {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly maximumMemory: number | undefined;
}

/**
 * Images of one's own as a task, split with seed 0 where no split is given. Its name tells it from others: what is kept
 * of a transfer belongs to these files and this split.
 */
export async function openOwnTask(
  { path = '', testFraction = 0.2, skipDamaged = false }: DataRequest,
  { progress, signal, maximumMemory = 2 ** 31 }: TaskLoading,
): Promise<TransferTask> {
  const half = Math.max(1, Math.floor(maximumMemory / 2));
  const images = await loadImages(path, {
    testFraction,
    skipDamaged,
    maximumMemory: half,
    keepDecoded: half,
    signal,
    onProgress: showLoading(progress),
  });
  sayImages(images, { testFraction, splitSeed: 0 }, progress);
  const damaged = images.damaged.length === 0 ? '' : `-${images.damaged.length}`;
  const name = `${encodeURIComponent(images.name).slice(0, 80)}-${images.digest.slice(0, 12)}-${testFraction}${damaged}`;
  const { train, test } = images;
  return { name, metric: 'top-1', train, test, normalization: imagenetNormalization };
}
