import { resolve } from 'node:path';
import { classNamesOf } from '@espalier/core';
import { FileAccessError } from '@espalier/core/node';
import { imageSides, MalformedDataError } from '@espalier/datasets';
import { type LabeledImages, type LoadImagesOptions, loadImages } from '@espalier/datasets/node';
import { ClassesMismatchError, DataChangedError } from '../errors.js';
import { trainingTransform } from './augmentation.js';
import { chooseOwnData, type OwnDataSources, requireSameRequest } from './choose-own-data.js';
import { testing, trainingBatchesOf } from './image-batches.js';
import { transformOf } from './image-fit.js';
import type { OwnData } from './own-data.js';
import { countsOf, type RunData } from './run-data.js';
import { sayImages } from './say-images.js';
import { showLoading } from './show-loading.js';

/** Lists images of one's own, and says what was found. */
export async function openOwnData(path: string, sources: OwnDataSources): Promise<RunData> {
  const { stored, resumed = false, network, progress, memoryLimit, signal } = sources;
  if (resumed && stored) requireSameRequest(sources.request, stored);
  const half = Math.max(1, Math.floor((memoryLimit ?? 2 ** 31) / 2));
  const classes = distinct(classNamesOf(network?.metadata));
  const options: LoadImagesOptions = { classes, maximumMemory: half, signal, onProgress: showLoading(progress) };
  const isStored = stored !== undefined && sources.request.path === undefined;
  const { digest } = await listed(path, { ...options, testFraction: 1 }).catch((cause: unknown) => {
    const gone = isStored && cause instanceof FileAccessError && cause.systemCode === 'ENOENT';
    throw gone ? new DataChangedError(path, { cause }) : cause;
  });
  const same = stored?.digest === digest;
  // What was trained on must not pass for something to test on.
  if (stored && !same && (resumed || isStored)) throw new DataChangedError(path);
  if (stored && !same && stored.path === resolve(path)) progress.line(seenBefore(path));
  const chosen = chooseOwnData(sources, same);
  const { testFraction, splitSeed: seed, skipDamaged } = chosen;
  const images = await listed(path, { ...options, testFraction, seed, skipDamaged, keepDecoded: half });
  const count = images.train.size + images.test.size;
  if (resumed && stored?.count !== count) throw new DataChangedError(path);
  const own: OwnData = { path: resolve(path), digest, count, ...chosen };
  sayImages(images, own, progress);
  return dataOf(images, own, signal);
}

function dataOf({ train, test, classes }: LabeledImages, own: OwnData, signal: AbortSignal): RunData {
  const { fit, augment, channels } = own;
  return {
    name: train.name,
    testName: test.name,
    classes,
    shape: [...imageSides(fit.size), channels],
    size: train.size,
    own,
    counts: () => countsOf(train),
    training: request =>
      trainingBatchesOf(train, { transform: trainingTransform(fit, augment), channels, signal }, request),
    testing: (batchSize, normalize) => testing(test, { transform: transformOf(fit), channels }, batchSize, normalize),
  };
}

async function listed(path: string, options: LoadImagesOptions): Promise<LabeledImages> {
  try {
    return await loadImages(path, options);
  } catch (error) {
    const mismatch = error instanceof MalformedDataError && / is none of the \d+ classes /.test(error.problem);
    throw mismatch ? new ClassesMismatchError(path, error.problem, { cause: error }) : error;
  }
}

const seenBefore = (path: string): string =>
  `Warning: ${path} has other images than when the network was trained on it. Some of those that it is now tested on are likely ones that it was ` +
  'trained on, so that it seems better than it is.';

/** Names that tell classes apart, as labels by name need them. */
function distinct(names: readonly string[] | undefined): readonly string[] | undefined {
  return names && new Set(names.map(name => name.normalize('NFC'))).size === names.length ? names : undefined;
}
