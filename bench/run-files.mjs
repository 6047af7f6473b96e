/** Finished runs, one small JSON file each. A run that was cut off has no file and is done again. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/** Whether settings are the same, in whatever order they were written. */
export const sameSettings = (a, b) => isDeepStrictEqual(a, b);

/** Writes beside the place and moves it there, so that a file is whole or absent. */
export function writeWhole(path, text) {
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

/** Writes a run, and the folder for it. */
export function writeRun(path, run) {
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, `${JSON.stringify(run)}\n`);
}

/** The run in a file if it has these very settings, or undefined. */
export function readRun(path, settings) {
  try {
    const run = JSON.parse(readFileSync(path, 'utf8'));
    return sameSettings(run.settings, settings) ? run : undefined;
  } catch {
    return undefined;
  }
}
