/** Which runs there are, and the files of the finished ones. */
import { join } from 'node:path';
import { readRun, writeRun } from '../run-files.mjs';
import { distillation } from './distillation.mjs';
import { fisher, planOf, rowName, rows } from './methods.mjs';

/** @typedef {import('./methods.mjs').Row & { name: string, seed: number }} Cell */

/**
 * All runs of some rows: seed by seed, so that what was cut off has all rows of some seeds. Rows that are run once have
 * the first seed.
 *
 * @returns {Cell[]}
 */
export function cellsOf(names, seeds) {
  const chosen = rows.map(row => ({ ...row, name: rowName(row) })).filter(({ name }) => names.includes(name));
  return seeds.flatMap((seed, i) =>
    chosen.filter(({ once }) => i === 0 || !once).map(({ once: _, ...row }) => ({ ...row, seed })),
  );
}

/** Everything that decides a run's result, for telling old files from current ones. */
export function settingsOf(settings, { method, sparsity, distilled }, heldOut) {
  const { method: made } = planOf(method, settings, sparsity);
  // Settings of gradual pruning are among the options of the methods that follow them.
  const { gradual: _, ...shared } = settings;
  const all = { ...shared, heldOut, options: made.options ?? null };
  return JSON.parse(
    JSON.stringify({
      ...all,
      ...(method === 'woodfisher' ? { fisher } : {}),
      ...(distilled ? { distillation } : {}),
    }),
  );
}

const fileOf = (folder, { name, seed }) => join(folder, `${name}-${seed}.json`);

export const saveRun = (folder, cell, run) => writeRun(fileOf(folder, cell), { ...cell, ...run });

/** The finished run of a cell with these very settings, or undefined. */
export const findRun = (folder, cell, settings) => readRun(fileOf(folder, cell), settings);
