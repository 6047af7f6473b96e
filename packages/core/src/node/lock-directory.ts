import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';
import { DirectoryInUseError } from './directory-in-use-error.js';
import { firstMissing, removeEmpty } from './made-directories.js';
import { makeDirectory } from './make-directory.js';
import { hasEnded, ownIdentity } from './process-identity.js';
import { systemCodeOf } from './system-reasons.js';
import { withFileErrors } from './with-file-errors.js';

/** A directory that this process has for itself. */
export interface DirectoryLock {
  /** Gives the directory back. If the lock made it and it is still empty, it is removed. */
  release(): Promise<void>;
}

/** What {@link lockDirectory} may be told. */
export interface LockOptions {
  /**
   * What is worked on in the directory. Locks for different things do not disturb each other; one without a name is for
   * the whole directory and stands alone.
   */
  readonly of?: string | undefined;
}

/** Who holds a directory. */
interface Holder {
  readonly path: string;
  readonly pid: number;
  readonly since: Date;
}

const touchEveryMs = 20_000;
/** A lock whose process nobody can ask after is taken for abandoned once it was not touched for so long. */
const abandonedAfterMs = 120_000;
const tries = 20;
const pattern = /^\.espalier-([\da-f]{8})-(\d{1,10})-(\d{1,16})-(\d{1,16})-[\da-f]{12}(?:-([\da-f]{8}))?\.lock$/;

/**
 * Takes a directory for this process alone, so that no second run writes between the files of the first.
 *
 * The lock is a file `.espalier-….lock` in the directory whose name says which process holds it, and since when. A
 * process that was killed leaves it; the next one sees that its writer has ended, removes it and goes on. Where the
 * writer cannot be asked, because it is of another machine or container, or of before the last start of this one, its
 * lock counts for two minutes after it was last touched, which a holder does every 20 seconds.
 *
 * @param directory - Directory to take; it is made if it is missing.
 * @param options - What of it is taken; all of it if left out.
 * @returns The lock; release it when the work is done.
 * @throws {@link DirectoryInUseError} if another process, or this one, holds it; names the process, and since when it
 *   does.
 * @throws {@link FileAccessError} if the system refuses the directory or the file.
 * @throws {@link InvalidOptionError} or {@link UnknownOptionError} if an argument is of the wrong kind.
 *
 * @example
 * ```ts
 * import { lockDirectory } from '@espalier/core/node';
 *
 * export async function alone(work: () => Promise<void>): Promise<void> {
 *   const lock = await lockDirectory('runs/today');
 *   await work().finally(() => lock.release());
 * }
 * ```
 */
export async function lockDirectory(directory: string, options: LockOptions = {}): Promise<DirectoryLock> {
  checkOptions<LockOptions>(options, { of: rules.optional(rules.text) });
  const of = options.of && createHash('sha256').update(options.of).digest('hex').slice(0, 8);
  const topmost = await withFileErrors(directory, 'create directory', () => firstMissing(resolve(directory)));
  for (let attempt = 1; ; attempt++) {
    const path = join(directory, ownName(of));
    const now = await make(path, directory);
    const other = await otherHolder(directory, { own: path, of, now });
    if (other === undefined) return lockOf(path, directory, topmost);
    await rm(path, { force: true });
    // Whoever came first sees nobody else. Two that came at once see each other: both step back, for times of different
    // length.
    if (attempt === tries || Date.now() - other.since.getTime() > 1000) {
      await removeEmpty(directory, topmost);
      throw new DirectoryInUseError(directory, other.pid, other.since, other.path);
    }
    await sleep(5 + 45 * Math.random());
  }
}

function ownName(of: string | undefined): string {
  const { place, pid, start } = ownIdentity();
  return `.espalier-${place}-${pid}-${start}-${Date.now()}-${randomBytes(6).toString('hex')}${of ? `-${of}` : ''}.lock`;
}

/** Makes the file; gives the time by the clock of the file system. */
async function make(path: string, directory: string): Promise<number> {
  const create = async (): Promise<number> => {
    await makeDirectory(directory);
    const file = await open(path, 'wx');
    try {
      return (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  };
  return withFileErrors(directory, 'write', () =>
    create().catch((error: unknown) => {
      // Another one has just removed the directory that it had made.
      if (systemCodeOf(error) === 'ENOENT') return create();
      throw error;
    }),
  );
}

/** A holder besides `own` that has not ended; locks of those that have are removed. */
async function otherHolder(
  directory: string,
  { own, of, now }: { readonly own: string; readonly of: string | undefined; readonly now: number },
): Promise<Holder | undefined> {
  for (const name of await withFileErrors(directory, 'list', () => readdir(directory))) {
    const [found, place = '', pid, start, since, theirs] = pattern.exec(name) ?? [];
    const path = join(directory, name);
    if (found === undefined || path === own || (of && theirs && of !== theirs)) continue;
    const ended = hasEnded({ place, pid: Number(pid), start: Number(start) });
    if (!(ended ?? (await isAbandoned(path, now)))) return { path, pid: Number(pid), since: new Date(Number(since)) };
    await rm(path, { force: true }).catch(() => undefined);
  }
  return undefined;
}

async function isAbandoned(path: string, now: number): Promise<boolean> {
  const touched = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
  return now - touched > abandonedAfterMs;
}

function lockOf(path: string, directory: string, topmost: string | undefined): DirectoryLock {
  const touch = (): void => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  };
  const timer = setInterval(touch, touchEveryMs).unref();
  return {
    async release() {
      clearInterval(timer);
      await rm(path, { force: true }).catch(() => undefined);
      await removeEmpty(directory, topmost);
    },
  };
}
