import { EspalierError } from '@espalier/core';
import type { ImageFiles } from '../../image/decoded-image.js';
import { semaphore } from '../../image/semaphore.js';

/** An image that cannot be decoded. */
export interface DamagedImage {
  /** Its file. */
  readonly path: string;
  /** Why. */
  readonly problem: string;
}

/** What is told while images are checked. */
export interface Checking {
  readonly onChecked?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Images that are decoded at the same time. */
const inFlight = 8;

/** Errors that tell of one image, not of the machine. */
const ofTheImage = new Set(['MALFORMED_DATA', 'DATA_TOO_LARGE', 'MISSING_DATA']);

/** Reads every image once; gives those that cannot be decoded, by their index. */
export async function findDamaged(
  files: ImageFiles,
  { onChecked, signal }: Checking,
): Promise<ReadonlyMap<number, DamagedImage>> {
  const damaged = new Map<number, DamagedImage>();
  const inTurn = semaphore(inFlight);
  const check = async (index: number): Promise<void> => {
    signal?.throwIfAborted();
    try {
      await files.read(index);
    } catch (error) {
      if (!EspalierError.isInstance(error) || !ofTheImage.has(error.code)) throw error;
      const problem = 'problem' in error ? String(error.problem) : error.message;
      damaged.set(index, { path: files.path(index), problem });
    }
    onChecked?.();
  };
  // In stretches, so that a large dataset is not a promise for every image.
  for (let start = 0; start < files.size; start += 1024) {
    const length = Math.min(1024, files.size - start);
    await Promise.all(Array.from({ length }, (_, offset) => inTurn(() => check(start + offset))));
  }
  return damaged;
}
