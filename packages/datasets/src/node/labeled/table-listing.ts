import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { semaphore } from '../../image/semaphore.js';
import type { ReadLimits } from '../../read-limits.js';
import { sourceName, type UnpackedFrom } from '../archive/unpacked-from.js';
import { UnsafeArchiveError } from '../errors.js';
import { malformedImages } from '../images/malformed-images.js';
import { type FoundImage, few, type LabeledImagesWarning, type Listing, passedOver } from './listing.js';
import { allPartNames, partOf } from './part-names.js';
import { readTable } from './read-table.js';
import { columnsOf } from './table-columns.js';

/** Files whose presence is asked for at the same time. */
const inFlight = 32;

interface ListedRow extends FoundImage {
  readonly line: number;
  readonly rank: number;
}

/**
 * Lists the images of a table of paths and labels; paths are relative to its folder. If it was unpacked from an
 * archive, they must not lead out of that.
 */
export async function listTable(path: string, limits: ReadLimits, from?: UnpackedFrom): Promise<Listing> {
  const table = sourceName(path, from);
  const rows = await readTable(path, limits, table);
  if (rows.length === 0) throw malformedImages(table, 'it has no rows');
  const folder = dirname(resolve(path));
  const columns = columnsOf(
    table,
    rows.map(({ cells }) => cells),
  );
  const below = rows.slice(columns.named ? 1 : 0);
  if (below.length === 0) throw malformedImages(table, 'it has a row of names and no rows of images');
  const all = below.map(({ cells, line }): ListedRow => {
    const written = cells[columns.path] ?? '';
    const className = (cells[columns.label] ?? '').normalize('NFC');
    if (written === '') throw malformedImages(table, `line ${line} has no path`);
    if (className === '') throw malformedImages(table, `line ${line} has no label for ${JSON.stringify(written)}`);
    const split = columns.split === undefined ? undefined : splitOf(table, cells[columns.split] ?? '', line);
    return { path: pathOf(written, folder, from), className, part: split?.part, line, rank: split?.rank ?? 0 };
  });
  const { used, warnings } = usedParts(all);
  const { images, twice } = once(table, used);
  const kept = new Set(used.map(({ line }) => line));
  await requireThere(table, folder, images, from);
  return {
    source: 'table',
    folder,
    from,
    images: images.map(({ path, className, part }) => (part ? { path, className, part } : { path, className })),
    passedOver: passedOver({
      leftBehind: [],
      notImages: [],
      unlabeled: all.length === used.length ? [] : all.filter(row => !kept.has(row.line)).map(({ path }) => path),
    }),
    warnings: twice.length === 0 ? warnings : [...warnings, listedTwice(twice)],
  };
}

const listedTwice = (paths: readonly string[]): LabeledImagesWarning => ({
  code: 'LISTED_TWICE',
  message: `Listed more than once with the same label, and taken once: ${few(paths)}.`,
});

function splitOf(table: string, written: string, line: number): { part: 'train' | 'test'; rank: number } {
  const found = partOf(written);
  if (found) return found;
  const problem = `line ${line} has the split ${JSON.stringify(written)}, which is none of ${allPartNames.join(', ')}`;
  throw malformedImages(table, problem);
}

/** With forward slashes and without detours, below the folder of the table or out of it. */
function pathOf(written: string, folder: string, from: UnpackedFrom | undefined): string {
  const slashes = sep === '\\' || written.includes('/') ? written : written.replaceAll('\\', '/');
  const full = isAbsolute(slashes) && !from ? slashes : join(folder, slashes);
  const path = relative(folder, full).split(sep).join('/');
  if (from) {
    const outside = relative(from.folder, full).split(sep)[0] === '..' || isAbsolute(slashes) || slashes.includes('\0');
    if (outside) throw new UnsafeArchiveError(from.archive, written, 'of its table leads out of the archive');
  }
  return path;
}

/** Of parts to test on, the first of test and validation; the others are not used. */
function usedParts(rows: readonly ListedRow[]): {
  used: readonly ListedRow[];
  warnings: LabeledImagesWarning[];
} {
  if (rows.every(({ part }) => part === undefined)) return { used: rows, warnings: [] };
  const tests = rows.filter(({ part }) => part === 'test');
  if (tests.length === 0 || tests.length === rows.length) {
    const only = tests.length === 0 ? 'train' : 'test';
    const message = `Its split is ${only} in every row, so that it splits nothing and is not used.`;
    return { used: rows.map(({ part: _, ...row }) => row), warnings: [{ code: 'PART_NOT_USED', message }] };
  }
  const rank = Math.min(...new Set(tests.map(row => row.rank)));
  const used = rows.filter(row => row.part === 'train' || row.rank === rank);
  if (used.length === rows.length) return { used, warnings: [] };
  const message = `${rows.length - used.length} rows for validation are neither trained nor tested on, since others are for testing.`;
  return { used, warnings: [{ code: 'PART_NOT_USED', message }] };
}

/** Each image once; refuses one with two labels, or for both training and testing. */
function once(table: string, rows: readonly ListedRow[]): { images: ListedRow[]; twice: string[] } {
  const byPath = new Map<string, ListedRow>();
  const twice: string[] = [];
  for (const row of rows) {
    const before = byPath.get(row.path);
    if (before === undefined) {
      byPath.set(row.path, row);
      continue;
    }
    const lines = `lines ${before.line} and ${row.line} have ${JSON.stringify(row.path)}`;
    if (before.className !== row.className) {
      const labels = `${JSON.stringify(before.className)} and ${JSON.stringify(row.className)}`;
      throw malformedImages(table, `${lines} with two labels, ${labels}`);
    }
    if (before.part !== row.part) throw malformedImages(table, `${lines} for training and for testing`);
    twice.push(row.path);
  }
  return { images: [...byPath.values()], twice };
}

async function requireThere(
  table: string,
  folder: string,
  images: readonly ListedRow[],
  from: UnpackedFrom | undefined,
): Promise<void> {
  const inTurn = semaphore(inFlight);
  const there = await Promise.all(
    images.map(({ path }) =>
      inTurn(() =>
        stat(join(folder, path)).then(
          found => found.isFile(),
          () => false,
        ),
      ),
    ),
  );
  const missing = images.filter((_, index) => !there[index]);
  const [first] = missing;
  if (!first) return;
  const problem = `${missing.length} of its ${images.length} images are not there, such as ${JSON.stringify(first.path)} of line ${first.line}, relative to ${from ? 'its folder in the archive' : folder}`;
  throw malformedImages(table, problem);
}
