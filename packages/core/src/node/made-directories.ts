import { rmdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCodeOf } from './system-reasons.js';

/** The topmost directory that is not there yet, on the way to one. */
export async function firstMissing(directory: string): Promise<string | undefined> {
  let missing: string | undefined;
  for (let path = directory; ; path = dirname(path)) {
    const code = await stat(path).then(() => undefined, systemCodeOf);
    if (code !== 'ENOENT') return missing;
    missing = path;
  }
}

/** Removes what was made for the lock alone, from the inside out, as far as it is empty. */
export async function removeEmpty(directory: string, topmost: string | undefined): Promise<void> {
  if (topmost === undefined) return;
  for (let path = resolve(directory); path.length >= topmost.length; path = dirname(path)) {
    const gone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}
