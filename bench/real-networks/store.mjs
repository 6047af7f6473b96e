/** Finished runs, one small JSON file each. A run that was cut off has no file and is done again. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distillation } from './distillation.mjs';
import { fisher, planOf, rowName, rows } from './methods.mjs';

/** @typedef {import('./methods.mjs').Row & { name: string, seed: number }} Cell */

/** All runs of some rows: seed by seed, so that what was cut off has all rows of some seeds. @returns {Cell[]} */
export function cellsOf(names, seeds) {
  const chosen = rows.map(row => ({ ...row, name: rowName(row) })).filter(({ name }) => names.includes(name));
  return seeds.flatMap(seed => chosen.map(row => ({ ...row, seed })));
}

/** Everything that decides a run's result, for telling old files from current ones. */
export function settingsOf(settings, { method, sparsity, distilled }, heldOut) {
  const { method: made } = planOf(method, settings, sparsity);
  const all = { ...settings, heldOut, options: made.options ?? null };
  return JSON.parse(
    JSON.stringify({
      ...all,
      ...(method === 'woodfisher' ? { fisher } : {}),
      ...(distilled ? { distillation } : {}),
    }),
  );
}

/** Writes beside the place and moves it there, so that a file is whole or absent. */
export function writeWhole(path, text) {
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

const fileOf = (folder, { name, seed }) => join(folder, `${name}-${seed}.json`);

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
  return JSON.stringify(run.settings) === JSON.stringify(settings) ? run : undefined;
}
