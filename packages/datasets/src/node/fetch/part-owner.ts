import { rm, stat } from 'node:fs/promises';
import { threadId } from 'node:worker_threads';
import { hasEnded, ownIdentity } from '@espalier/core/node';

/** What a part file whose writer nobody can ask after was left alone for, when it is taken for abandoned. */
const abandonedAfterMs = 60 * 60 * 1000;

const inUse = new Set<string>();
let opened = 0;

/** A new name for a part of `destination` that says who writes it. */
export function newPartPath(destination: string): string {
  const { place, pid, start } = ownIdentity();
  const path = `${destination}.${place}-${pid}-${start}-${threadId}-${opened++}.part`;
  inUse.add(path);
  return path;
}

/** Says that this thread does not write to a part any more. */
export const letGo = (path: string): void => {
  inUse.delete(path);
};

/**
 * Whether the writer of a part file has ended. One of another machine or container, or of before the last start of the
 * machine, cannot be asked; its part counts as abandoned once nothing has come for an hour.
 *
 * @param path - The file.
 * @param destination - What it is a part of.
 */
export async function isAbandonedPart(path: string, destination: string): Promise<boolean> {
  const suffix = path.startsWith(`${destination}.`) ? path.slice(destination.length + 1) : '';
  const [found, place, pid, start, thread] = /^([\da-f]{8})-(\d+)-(\d+)-(\d+)-\d+\.part$/.exec(suffix) ?? [];
  if (found === undefined) return false;
  const own = ownIdentity();
  if (place === own.place && Number(pid) === own.pid && Number(start) === own.start) {
    return Number(thread) === threadId && !inUse.has(path);
  }
  const ended = hasEnded({ place: place!, pid: Number(pid), start: Number(start) });
  if (ended !== undefined) return ended;
  const touched = await stat(path).catch(() => stat(`${path}.json`).catch(() => undefined));
  return touched !== undefined && Date.now() - touched.mtimeMs > abandonedAfterMs;
}

/** Removes a part and what is known of it, if that can be. */
export async function removePart(path: string): Promise<void> {
  for (const file of [path, `${path}.json`]) await rm(file, { force: true }).catch(() => undefined);
}
