import { DataTooLargeError } from '../../errors.js';
import { UnsafeArchiveError } from '../errors.js';

/** One file in an archive, whose bytes are skipped if they are not asked for before the next entry. */
export interface ArchiveEntry {
  /** Its path in the archive, with forward slashes. */
  readonly name: string;
  /** Bytes it has after decompression, as the archive says. */
  readonly size: number;
  /** Its bytes as they come. */
  chunks(): AsyncIterable<Buffer>;
  /** Its bytes. */
  read(): Promise<Buffer>;
}

/** How the bytes of an entry are read. */
export interface EntryReading {
  /** Archive and entry, for errors. */
  readonly source: string;
  readonly maximumBytes: number;
  /** Throws the error that a caller should hear in place of what the stream threw. */
  readonly explain: (error: unknown) => Promise<never>;
}

/** The bytes of an entry, never more than allowed, whatever the archive says. */
export async function* entryChunks(
  open: () => Promise<AsyncIterable<unknown>>,
  { source, maximumBytes, explain }: EntryReading,
): AsyncGenerator<Buffer, void, undefined> {
  let length = 0;
  try {
    for await (const part of await open()) {
      length += (part as Buffer).length;
      if (length > maximumBytes) throw new DataTooLargeError(source, 'bytes', maximumBytes, 'maximumEntryBytes');
      yield part as Buffer;
    }
  } catch (error) {
    await explain(error);
  }
}

/** All bytes in one piece. */
export async function readChunks(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of chunks) parts.push(part);
  return Buffer.concat(parts);
}

/** Refuses names that would lead out of a folder they are joined to, on any platform. */
export function checkEntryName(path: string, name: string): void {
  const leadsOut = name.split('/').includes('..') || name.startsWith('/') || /[\\\0]|^[A-Za-z]:/.test(name);
  if (leadsOut) throw new UnsafeArchiveError(path, name, 'has a path that leads out of the archive');
}
