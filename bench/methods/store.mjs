/** Finished runs, one small JSON file each. A run that was cut off has no file and is done again. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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

/** Whether settings are the same, in whatever order they were written. */
export const sameSettings = (a, b) => isDeepStrictEqual(a, b);

const fileOf = (folder, { method, sparsity, seed }) => join(folder, `${method}-${sparsity}-${seed}.json`);

/** Writes beside the place and moves it there, so that a file is whole or absent. */
export function writeWhole(path, text) {
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

export function saveRun(folder, cell, run) {
  mkdirSync(folder, { recursive: true });
  writeWhole(fileOf(folder, cell), `${JSON.stringify({ ...cell, ...run })}\n`);
}

/** The finished run of a cell with these very settings, or undefined. */
export function findRun(folder, cell, settings) {
  let run;
  try {
    run = JSON.parse(readFileSync(fileOf(folder, cell), 'utf8'));
  } catch {
    return undefined;
  }
  // The file holds the sparsity that was reached, which may differ in its last digits from the one that was asked for.
  return sameSettings(run.settings, settings) ? { ...run, ...cell } : undefined;
}
