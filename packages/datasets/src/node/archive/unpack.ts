import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  FileAccessError,
  makeDirectory,
  removeLeftovers,
  systemCodeOf,
  temporaryPath,
  withFileErrors,
} from '@espalier/core/node';
import { MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { readWhole, requireFile } from '../file-system.js';
import { isPathPassedOver } from '../passed-over.js';
import { archiveEntries } from './archive.js';
import type { ArchiveEntry } from './archive-entry.js';

/** Where and how to unpack. */
export interface UnpackOptions extends ReadLimits {
  /** The cache. */
  readonly cacheDirectory: string;
  readonly onProgress?: (files: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Unpacks a tar, gzip or zip archive below the cache and gives the folder; does nothing if that has been done.
 *
 * Files go to a temporary folder first, which is renamed when all of them are there, so that a folder that is found is
 * complete. What a process left that was ended meanwhile is removed. Of several processes that unpack the same archive,
 * all get the folder of the first. An archive is the same if path, size and time of change are. What tools leave behind
 * is left out.
 */
export async function unpack(archive: string, options: UnpackOptions): Promise<string> {
  await requireFile(archive);
  const { size, mtimeMs } = await withFileErrors(archive, 'read', () => stat(archive));
  const identity = createHash('sha256')
    .update(JSON.stringify([resolve(archive), size, mtimeMs]))
    .digest('hex');
  const unpacked = join(options.cacheDirectory, 'unpacked');
  const folder = join(unpacked, identity.slice(0, 24));
  if (await exists(folder)) return folder;
  await removeLeftovers(unpacked);
  const partial = temporaryPath(unpacked);
  try {
    await makeDirectory(unpacked);
    await makeDirectory(partial);
    const { maximumTotalBytes = proportionate(size) } = options;
    await unpackInto(archive, partial, { ...options, maximumTotalBytes });
    options.signal?.throwIfAborted();
    await rename(partial, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw new FileAccessError(folder, 'write', error);
    });
  } finally {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
  }
  return folder;
}

/** Images hardly shrink in an archive: one that would fill a disk from a few megabytes is none of images. */
const proportionate = (size: number): number => Math.min(2 ** 37, 2 ** 31 + 4 * size);

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function unpackInto(archive: string, folder: string, options: UnpackOptions): Promise<void> {
  const { onProgress, signal } = options;
  const made = new Set<string>();
  let files = 0;
  const leftBehind: string[] = [];
  for await (const entry of archiveEntries(archive, options, signal)) {
    signal?.throwIfAborted();
    if (isPathPassedOver(entry.name)) {
      leftBehind.push(entry.name);
      continue;
    }
    await write(archive, entry, join(folder, entry.name), made);
    // Says to other machines that this folder is not abandoned.
    if (++files % 1000 === 0) await utimes(folder, new Date(), new Date()).catch(() => undefined);
    onProgress?.(files);
  }
  const noted = join(folder, leftBehindFile);
  await withFileErrors(noted, 'write', () => writeFile(noted, JSON.stringify(leftBehind)));
}

/** In an unpacked folder, the names of what was left out; its own name is passed over. */
const leftBehindFile = '.left-out.json';

/** Names of the entries that {@link unpack} left out of a folder; none if it was unpacked before they were kept. */
export async function leftBehindIn(folder: string): Promise<string[]> {
  try {
    const names: unknown = JSON.parse((await readWhole(join(folder, leftBehindFile), 2 ** 28)).toString('utf8'));
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return [];
  }
}

async function write(archive: string, entry: ArchiveEntry, path: string, made: Set<string>): Promise<void> {
  const directory = dirname(path);
  try {
    if (!made.has(directory)) await mkdir(directory, { recursive: true }); // below a folder that has just been made
    made.add(directory);
    await writeFile(path, entry.chunks());
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined || error instanceof FileAccessError) throw error;
    // A file where another entry has a folder, or a name that no file system takes: the archive's fault.
    if (!['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EINVAL'].includes(code)) {
      throw new FileAccessError(path, 'write', error);
    }
    throw new MalformedDataError(`${archive}: ${entry.name}`, `the entry cannot be a file (${code})`, { cause: error });
  }
}
