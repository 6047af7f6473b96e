import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { threadId } from 'node:worker_threads';
import { MalformedDataError } from '../errors.js';
import { type ArchiveLimits, archiveEntries } from './archive.js';
import { isAlive, machine } from './part-file.js';
import { explainZip, zipEntries } from './zip.js';

/** Where and how to unpack. */
export interface UnpackOptions extends ArchiveLimits {
  /** The cache. */
  readonly cacheDirectory: string;
  readonly onProgress?: (files: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Unpacks a tar, gzip or zip archive below the cache and gives the folder; does nothing if that has been done.
 *
 * Files go to a folder with another name first, which is renamed when all of them are there, so that a folder that is found is
 * complete. What a process left that was ended meanwhile is removed. Of several processes that unpack the same archive, all get
 * the folder of the first. An archive is the same if path, size and time of change are. Hidden files are left out.
 */
export async function unpack(archive: string, options: UnpackOptions): Promise<string> {
  const { size, mtimeMs } = await stat(archive);
  const identity = createHash('sha256')
    .update(JSON.stringify([resolve(archive), size, mtimeMs]))
    .digest('hex');
  const folder = join(options.cacheDirectory, 'unpacked', identity.slice(0, 24));
  if (await exists(folder)) return folder;
  await removeAbandoned(folder);
  const partial = `${folder}.${machine}-${process.pid}-${threadId}-${unpacked++}.partial`;
  try {
    await mkdir(partial, { recursive: true });
    await (/\.zip$/i.test(archive) ? unpackZip : unpackTar)(archive, partial, options);
    options.signal?.throwIfAborted();
    await rename(partial, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

let unpacked = 0;

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function unpackTar(archive: string, folder: string, options: UnpackOptions): Promise<void> {
  const target = targets(archive, folder, options);
  for await (const entry of archiveEntries(archive, options, options.signal)) {
    await target(entry.name, async path => writeFile(path, await entry.read()));
  }
}

async function unpackZip(archive: string, folder: string, options: UnpackOptions): Promise<void> {
  const target = targets(archive, folder, options);
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  for await (const entry of zipEntries(archive, options)) {
    options.signal?.throwIfAborted();
    await target(entry.name, async path => {
      await pipeline(await entry.open(), createWriteStream(path), signal).catch(error => {
        options.signal?.throwIfAborted();
        return explainZip(archive)(error);
      });
    });
  }
}

type Target = (name: string, write: (path: string) => Promise<void>) => Promise<void>;

function targets(archive: string, folder: string, { onProgress }: UnpackOptions): Target {
  const made = new Set<string>();
  let files = 0;
  return async (name, write) => {
    if (name.split('/').some(part => part.startsWith('.') || part === '__MACOSX')) return;
    const path = join(folder, name);
    try {
      const directory = dirname(path);
      if (!made.has(directory)) await mkdir(directory, { recursive: true });
      made.add(directory);
      await write(path);
    } catch (error) {
      // A file where another entry has a folder, or a name that no file system takes: the archive's fault.
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EINVAL'].includes(code)) throw error;
      throw new MalformedDataError(`${archive}: ${name}`, `the entry cannot be a file (${code})`, { cause: error });
    }
    onProgress?.(++files);
  };
}

async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.${machine}-`;
  for (const name of await readdir(dirname(folder)).catch(() => [])) {
    const owner = name.startsWith(prefix) ? /^(\d+)-\d+-\d+\.partial$/.exec(name.slice(prefix.length)) : null;
    if (owner === null || isAlive(Number(owner[1]))) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}
