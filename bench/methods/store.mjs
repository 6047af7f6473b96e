/** Which runs there are, and the files of the finished ones. */
import { join } from 'node:path';
import { readRun, writeRun } from '../run-files.mjs';
import { methods } from './methods.mjs';

/** @typedef {{ method: string, sparsity: number, seed: number }} Cell */

/**
 * All runs that are asked for: seed by seed, so that a cut-off suite has all methods. The dense network has no
 * sparsity.
 */
export function cellsOf({ names, sparsities, seeds }) {
  return seeds.flatMap(seed =>
    names.flatMap(method => (method === 'dense' ? [0] : sparsities).map(sparsity => ({ method, sparsity, seed }))),
  );
}

/** Everything that decides a run's result, for telling old files from current ones. */
export function settingsOf(suite, { method, sparsity }) {
  const { method: made, positions } = methods[method](suite, sparsity);
  const { model: _, ...common } = suite;
  return JSON.parse(JSON.stringify({ ...common, positions, name: made.name, options: made.options ?? null }));
}

const fileOf = (folder, { method, sparsity, seed }) => join(folder, `${method}-${sparsity}-${seed}.json`);

export const saveRun = (folder, cell, run) => writeRun(fileOf(folder, cell), { ...cell, ...run });

/** The finished run of a cell with these very settings, or undefined. */
export function findRun(folder, cell, settings) {
  const run = readRun(fileOf(folder, cell), settings);
  // The file holds the sparsity that was reached, which may differ in its last digits from the one that was asked for.
  return run && { ...run, ...cell };
}
