import { parse } from 'csv-parse/sync';
import { DataTooLargeError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { readWhole } from '../file-system.js';
import { malformedImages } from '../images/malformed-images.js';

/** A row and the line of the file that it ends in. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** True for names of tables, by their ending. */
export const isTableName = (name: string): boolean => /\.(csv|tsv|tab)$/i.test(name);

/**
 * The rows of a file of values between commas, semicolons or tabs (what its first line has most of), quoted or not, in
 * UTF-8 or UTF-16 with or without a byte order mark, lines ended by `\n` or `\r\n`. Empty lines are left out.
 *
 * @param source - What errors call the table.
 */
export async function readTable(path: string, limits: ReadLimits = {}, source: string = path): Promise<TableRow[]> {
  const { maximumEntryBytes = 2 ** 26, maximumEntries = 2 ** 20 } = limits;
  const text = decoded(await readWhole(path, maximumEntryBytes), source);
  try {
    const records = parse(text, {
      delimiter: delimiterOf(text, path),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: maximumEntries + 2,
      trim: true,
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[];
    const rows = records.map(({ record, info }) => ({ cells: record, line: info.lines }));
    if (rows.length > maximumEntries + 1)
      throw new DataTooLargeError(source, 'lines', maximumEntries, 'maximumEntries');
    return rows.filter(({ cells }) => cells.some(cell => cell !== ''));
  } catch (error) {
    if (error instanceof DataTooLargeError) throw error;
    throw malformedImages(source, `not a table (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
}

function decoded(bytes: Buffer, source: string): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformedImages(source, 'its text is not in UTF-8; save it as UTF-8', { cause });
  }
}

/** By the first line; a table with the ending of tabs has tabs. */
function delimiterOf(text: string, path: string): string {
  if (/\.(tsv|tab)$/i.test(path)) return '\t';
  const [line = ''] = text.slice(0, 2 ** 16).split('\n', 1);
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const counts = [',', ';', '\t'].map(delimiter => [delimiter, bare.split(delimiter).length] as const);
  return counts.reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}
