import { DataTooLargeError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { readWhole } from '../file-system.js';

/** Bytes of a list: the longest of a task, Birdsnap's, has some 12 million. */
const listBytes = 2 ** 25;

/** A text file in UTF-8, with or without a byte order mark. */
export async function readText(path: string, { maximumEntryBytes = listBytes }: ReadLimits = {}): Promise<string> {
  const text = (await readWhole(path, maximumEntryBytes)).toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** The lines of a text file, without the empty ones. */
export async function readLines(path: string, limits: ReadLimits = {}): Promise<string[]> {
  const { maximumEntries = 2 ** 20 } = limits;
  const text = await readText(path, limits);
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end).replace(/\r$/, '');
    start = end + 1;
    if (line.trim() === '') continue;
    if (lines.push(line) > maximumEntries) throw new DataTooLargeError(path, 'lines', maximumEntries, 'maximumEntries');
  }
  return lines;
}
