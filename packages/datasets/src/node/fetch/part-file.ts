import { type FileHandle, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeDirectory, withFileErrors } from '@espalier/core/node';
import { isAbandonedPart, letGo, newPartPath, removePart } from './part-owner.js';

/** What must be known about the bytes in a part file to ask for the rest of them. */
export interface PartOrigin {
  readonly url: string;
  /** Strong ETag or Last-Modified, for `If-Range`. */
  readonly validator?: string;
}

/**
 * Bytes of a download that is not complete, beside its destination.
 *
 * Its name holds machine, process and thread, so that two processes never write into one file; one whose process has
 * ended is taken over, which is what makes a download go on after a crash. Others of ended processes are removed when
 * the file is finished.
 */
export interface PartFile {
  readonly path: string;
  /** What it is a part of, as the caller named it; for errors. */
  readonly destination: string;
  readonly file: FileHandle;
  /** Where the bytes in it are from, if that is known. */
  readonly origin: PartOrigin | undefined;
  /** Forgets all bytes; what comes next is from `origin`. */
  restart(origin: PartOrigin): Promise<void>;
  /** Moves the finished file to its destination. */
  finish(): Promise<void>;
  /** Closes the file and leaves it for a later try. */
  leave(): Promise<void>;
  /** Closes and deletes the file. */
  discard(): Promise<void>;
}

export async function openPart(destination: string): Promise<PartFile> {
  const directory = dirname(destination);
  await makeDirectory(directory);
  const path = newPartPath(resolve(destination));
  const writing = <T>(work: () => Promise<T>): Promise<T> => withFileErrors(destination, 'write', work);
  const file = await writing(async () => {
    await adopt(destination, path);
    await (await open(path, 'a+')).close();
    return open(path, 'r+');
  }).catch((error: unknown) => {
    letGo(path);
    throw error;
  });
  const originPath = `${path}.json`;
  let origin = await readOrigin(originPath);
  const close = async (): Promise<void> => {
    await file.close();
    letGo(path);
  };
  return {
    path,
    destination,
    file,
    get origin() {
      return origin;
    },
    restart: next =>
      writing(async () => {
        await file.truncate(0);
        await writeFile(originPath, JSON.stringify(next));
        origin = next;
      }),
    finish: () =>
      writing(async () => {
        await file.sync().finally(close);
        await rename(path, destination);
        await removePart(path);
        await removeAbandonedParts(destination);
      }),
    leave: close,
    async discard() {
      await close();
      await removePart(path);
    },
  };
}

/** Removes what was fetched of a file that is there. */
export async function removeAbandonedParts(destination: string): Promise<void> {
  for (const abandoned of await abandonedParts(destination)) await removePart(abandoned);
}

/** Parts of `destination` that nobody writes to any more. */
async function abandonedParts(destination: string): Promise<string[]> {
  const whole = resolve(destination);
  const names = await readdir(dirname(whole)).catch(() => []);
  const parts = new Set(
    names
      .filter(name => name.startsWith(`${basename(whole)}.`))
      .map(withoutJson)
      .sort(),
  );
  const found: string[] = [];
  for (const name of parts) {
    const path = join(dirname(whole), name);
    if (await isAbandonedPart(path, whole)) found.push(path);
  }
  return found;
}

/** Renames one abandoned part of `destination` to `path`. Of several processes that try, one succeeds. */
async function adopt(destination: string, path: string): Promise<void> {
  for (const candidate of await abandonedParts(destination)) {
    try {
      await rename(candidate, path);
    } catch {
      continue;
    }
    await rename(`${candidate}.json`, `${path}.json`).catch(() => undefined);
    return;
  }
}

const withoutJson = (name: string): string => name.replace(/\.part\.json$/, '.part');

async function readOrigin(path: string): Promise<PartOrigin | undefined> {
  try {
    const { url, validator } = JSON.parse(await readFile(path, 'utf8')) as Partial<Record<string, unknown>>;
    if (typeof url !== 'string') return undefined;
    return typeof validator === 'string' ? { url, validator } : { url };
  } catch {
    return undefined;
  }
}
