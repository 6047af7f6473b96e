import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';

/** What must be known about the bytes in a part file to ask for the rest of them. */
export interface PartOrigin {
  readonly url: string;
  /** Strong ETag or Last-Modified, for `If-Range`. */
  readonly validator?: string;
}

/**
 * Bytes of a download that is not complete, beside its destination.
 *
 * Its name holds machine, process and thread, so that two processes never write into one file; one whose process has ended is
 * taken over, which is what makes a download go on after a crash.
 */
export interface PartFile {
  readonly path: string;
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

/** Name of this machine, of word characters. */
export const machine: string = hostname().replace(/[^A-Za-z0-9]+/g, '_');
const inUse = new Set<string>();
let opened = 0;

export async function openPart(destination: string): Promise<PartFile> {
  await mkdir(dirname(destination), { recursive: true });
  const path = `${destination}.${machine}-${process.pid}-${threadId}-${opened++}.part`;
  inUse.add(path);
  await adopt(destination, path);
  const file = await open(path, 'a+').then(async created => {
    await created.close();
    return open(path, 'r+');
  });
  const originPath = `${path}.json`;
  let origin = await readOrigin(originPath);
  const close = async (): Promise<void> => {
    await file.close();
    inUse.delete(path);
  };
  return {
    path,
    file,
    get origin() {
      return origin;
    },
    async restart(next) {
      await file.truncate(0);
      await writeFile(originPath, JSON.stringify(next));
      origin = next;
    },
    async finish() {
      await file.sync().finally(close);
      await rename(path, destination);
      await rm(originPath, { force: true });
    },
    leave: close,
    async discard() {
      await close();
      await rm(path, { force: true });
      await rm(originPath, { force: true });
    },
  };
}

/** Renames one abandoned part of `destination` to `path`. Of several processes that try, one succeeds. */
async function adopt(destination: string, path: string): Promise<void> {
  const directory = dirname(destination);
  const prefix = `${basename(destination)}.`;
  for (const name of (await readdir(directory)).sort()) {
    if (!name.startsWith(prefix)) continue;
    const owner = /^(\w+)-(\d+)-(\d+)-\d+\.part$/.exec(name.slice(prefix.length));
    const candidate = join(directory, name);
    if (owner === null || !isAbandoned(candidate, owner[1]!, Number(owner[2]), Number(owner[3]))) continue;
    try {
      await rename(candidate, path);
    } catch {
      continue;
    }
    await rename(`${candidate}.json`, `${path}.json`).catch(() => undefined);
    return;
  }
}

function isAbandoned(path: string, owner: string, pid: number, thread: number): boolean {
  if (owner !== machine) return false;
  if (pid === process.pid) return thread === threadId && !inUse.has(path);
  return !isAlive(pid);
}

/** Whether a process of this machine is running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function readOrigin(path: string): Promise<PartOrigin | undefined> {
  try {
    const { url, validator } = JSON.parse(await readFile(path, 'utf8')) as Partial<Record<string, unknown>>;
    if (typeof url !== 'string') return undefined;
    return typeof validator === 'string' ? { url, validator } : { url };
  } catch {
    return undefined;
  }
}
