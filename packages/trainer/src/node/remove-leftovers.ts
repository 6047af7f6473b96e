import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Deletes half-written files that an earlier process left behind when it was killed; those are older than this process. */
export async function removeLeftovers(directory: string): Promise<void> {
  const started = Date.now() - process.uptime() * 1000;
  const names = (await readdir(directory)).filter(name => /^\.espalier-[\da-f-]{36}\.tmp$/.test(name));
  for (const path of names.map(name => join(directory, name))) {
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < started) await rm(path, { force: true });
  }
}
