import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileErrors } from '@espalier/core/node';
import { DataTooLargeError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { isPassedOver } from '../passed-over.js';

/**
 * Paths of all files below a folder, with forward slashes, sorted by code unit; what tools leave behind is passed over.
 * Symbolic links are followed, except those that lead back into a folder that they lie in, and those that lead nowhere.
 */
export async function filesBelow(folder: string, limits: Pick<ReadLimits, 'maximumEntries'> = {}): Promise<string[]> {
  const { maximumEntries = 2 ** 20 } = limits;
  const files: string[] = [];
  let entries = 0;
  const walk = async (inside: string, above: readonly string[]): Promise<void> => {
    const directory = join(folder, inside);
    const real = await withFileErrors(directory, 'list', () => realpath(directory));
    if (above.includes(real)) return;
    for (const entry of await withFileErrors(directory, 'list', () => readdir(directory, { withFileTypes: true }))) {
      if (++entries > maximumEntries) throw new DataTooLargeError(folder, 'entries', maximumEntries, 'maximumEntries');
      if (isPassedOver(entry.name)) continue;
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      const kind = await kindOf(entry, join(folder, path));
      if (kind === 'file') files.push(path);
      if (kind === 'folder') await walk(path, [...above, real]);
    }
  };
  await walk('', []);
  return files.sort();
}

async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | undefined> {
  const found = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (found?.isFile()) return 'file';
  return found?.isDirectory() ? 'folder' : undefined;
}
