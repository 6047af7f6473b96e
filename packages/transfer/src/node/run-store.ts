import { join } from 'node:path';
import { checkOptions, rules } from '@espalier/core';
import { type LatestOptions, latestCheckpoint, latestRules, saveCheckpoint } from '@espalier/trainer/node';
import type { RunStore } from '../full/run-store.js';

/** Options of {@link fileRunStore}: who hears of damaged checkpoints, and how much reading one may take. */
export interface FileRunStoreOptions extends LatestOptions {}

/**
 * Keeps the runs of one full fine-tuning in a directory: numbered checkpoints in a folder for each seed, the last two
 * of every run. A process that is killed at any moment loses at most the epochs since the last save.
 *
 * @param directory - Directory of one checkpoint on one task; created when something is saved. One process at a time.
 * @param options - Who hears of damaged files, and limits.
 * @returns A store for `fullFinetune`. It throws {@link FileAccessError} where the system refuses to read or write.
 *
 * @example
 * ```ts
 * import { fileRunStore } from '@espalier/transfer/node';
 *
 * const store = fileRunStore('runs/rigl-90-pets');
 * console.log(await store.load(21)); // undefined before the first run
 * ```
 */
export function fileRunStore(directory: string, options: FileRunStoreOptions = {}): RunStore {
  rules.text('directory', directory as never);
  checkOptions<FileRunStoreOptions>(options, latestRules);
  const folderOf = (seed: number): string => join(directory, `seed-${seed}`);
  return {
    load: async seed => (await latestCheckpoint(folderOf(seed), options))?.checkpoint,
    save: (seed, checkpoint) => saveCheckpoint(folderOf(seed), checkpoint, { keep: 2 }),
  };
}
