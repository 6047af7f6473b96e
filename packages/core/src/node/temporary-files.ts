import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { rules } from '../options/rules.js';
import { hasEnded, ownIdentity } from './process-identity.js';

/** A file whose writer nobody can ask after is taken for abandoned once it was left alone for so long. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

const pattern =
  /^\.espalier-(?:([\da-f]{8})-(\d{1,10})-(\d{1,16})-[\da-f]{12}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.tmp$/;

/**
 * A name that no file has yet, `.espalier-….tmp`, for a file or folder that is written here and then renamed. It says
 * which process writes it, so that {@link removeLeftovers} can tell a file that is being written from one whose writer
 * was killed.
 *
 * @param directory - Directory of the file.
 * @returns The path.
 *
 * @example
 * ```ts
 * import { temporaryPath } from '@espalier/core/node';
 *
 * temporaryPath('runs'); // runs/.espalier-5f0c92e1-4242-918273-0a1b2c3d4e5f.tmp
 * ```
 */
export function temporaryPath(directory: string): string {
  rules.text('directory', directory as never);
  const { place, pid, start } = ownIdentity();
  return join(directory, `.espalier-${place}-${pid}-${start}-${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * Removes the temporary files and folders of a directory whose writers were killed; {@link writeFileAtomic} calls it
 * with every write.
 *
 * A writer of this machine that is still running keeps its file, whatever its age. One of another machine or container,
 * or of before the last start of the machine, cannot be asked; its file goes once nobody has touched it for a day. What
 * cannot be removed stays.
 *
 * @param directory - Where to look; folders in it are not entered, and a directory that is not there has none.
 * @param now - The time by the clock of the file system, in milliseconds; give the `mtimeMs` of a file just made where
 *   that may differ from this machine's.
 *
 * @example
 * ```ts
 * import { removeLeftovers } from '@espalier/core/node';
 *
 * await removeLeftovers('runs');
 * ```
 */
export async function removeLeftovers(directory: string, now: number = Date.now()): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const [found, place, pid, start] = pattern.exec(name) ?? [];
    if (found === undefined) continue;
    const path = join(directory, name);
    const ended = place === undefined ? undefined : hasEnded({ place, pid: Number(pid), start: Number(start) });
    if (ended ?? (await isAbandoned(path, now)))
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isAbandoned(path: string, now: number): Promise<boolean> {
  const touched = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => now,
  );
  return now - touched > abandonedAfterMs;
}
