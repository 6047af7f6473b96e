import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileErrors } from '@espalier/core/node';
import { DataTooLargeError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { isPassedOver } from '../passed-over.js';

/** What lies below a folder; all paths with forward slashes, sorted by code unit. */
export interface Below {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Files and folders that tools leave behind. */
  readonly passedOver: readonly string[];
}

/**
 * Paths of all files below a folder. Symbolic links are followed, except those that lead back into a folder that they
 * lie in, and those that lead nowhere.
 */
export async function lookBelow(folder: string, limits: Pick<ReadLimits, 'maximumEntries'> = {}): Promise<Below> {
  const { maximumEntries = 2 ** 20 } = limits;
  const below = { files: [] as string[], folders: [] as string[], passedOver: [] as string[] };
  let entries = 0;
  const walk = async (inside: string, above: readonly string[]): Promise<void> => {
    const directory = join(folder, inside);
    const real = await withFileErrors(directory, 'list', () => realpath(directory));
    if (above.includes(real)) return;
    for (const entry of await withFileErrors(directory, 'list', () => readdir(directory, { withFileTypes: true }))) {
      if (++entries > maximumEntries) throw new DataTooLargeError(folder, 'entries', maximumEntries, 'maximumEntries');
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (isPassedOver(entry.name)) {
        below.passedOver.push(path);
        continue;
      }
      const kind = await kindOf(entry, join(folder, path));
      if (kind === 'file') below.files.push(path);
      if (kind === 'folder') {
        below.folders.push(path);
        await walk(path, [...above, real]);
      }
    }
  };
  await walk('', []);
  for (const paths of Object.values(below)) paths.sort();
  return below;
}

/** The files alone, without what tools leave behind. */
export async function filesBelow(folder: string, limits: Pick<ReadLimits, 'maximumEntries'> = {}): Promise<string[]> {
  return [...(await lookBelow(folder, limits)).files];
}

async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | undefined> {
  const found = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (found?.isFile()) return 'file';
  return found?.isDirectory() ? 'folder' : undefined;
}
