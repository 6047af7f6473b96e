import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { DatasetsError, DataTooLargeError, MalformedDataError } from '../errors.js';
import { UnsafeArchiveError } from './errors.js';

/** How much an archive may hold, so that a small file cannot fill memory. */
export interface ArchiveLimits {
  /**
   * Entries of any kind.
   *
   * @defaultValue 200,000
   */
  readonly maximumEntries?: number;
  /**
   * Bytes of one file in the archive.
   *
   * @defaultValue 2^26 (64 MiB)
   */
  readonly maximumEntryBytes?: number;
  /**
   * Bytes of the whole archive after decompression.
   *
   * @defaultValue 2^31 (2 GiB)
   */
  readonly maximumTotalBytes?: number;
}

/** One file in an archive. */
export interface ArchiveEntry {
  /** Its path in the archive, with forward slashes. */
  readonly name: string;
  /** Its bytes; skipped if not asked for before the next entry. */
  read(): Promise<Buffer>;
}

/**
 * The files of a tar archive, plain or gzip, one after the other; nothing is ever written to disk.
 *
 * Throws {@link UnsafeArchiveError} for links, devices and paths that lead elsewhere, {@link DataTooLargeError} beyond a limit,
 * {@link MalformedDataError} for a damaged archive or one cut short.
 */
export async function* archiveEntries(
  path: string,
  limits: ArchiveLimits = {},
  signal?: AbortSignal,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const { maximumEntries = 200_000, maximumEntryBytes = 2 ** 26, maximumTotalBytes = 2 ** 31 } = limits;
  const unpacked = extract();
  const stages = [...((await isGzip(path)) ? [createGunzip()] : []), cappedAt(maximumTotalBytes, path), unpacked];
  const flow = pipeline([createReadStream(path), ...stages], signal === undefined ? {} : { signal });
  const failure = flow.then(
    () => undefined,
    (error: unknown) => error,
  );
  /** Turns what a stream threw into what the caller should hear; the stage that failed first knows best. */
  const explain = async (error: unknown): Promise<never> => {
    unpacked.destroy();
    const first = (await failure) ?? error;
    signal?.throwIfAborted();
    const cause = DatasetsError.isInstance(error) ? error : first;
    if (DatasetsError.isInstance(cause) || isFileError(cause)) throw cause;
    throw new MalformedDataError(path, `damaged archive (${cause instanceof Error ? cause.message : String(cause)})`);
  };
  let entries = 0;
  try {
    for await (const entry of unpacked) {
      if (++entries > maximumEntries) throw new DataTooLargeError(path, 'entries', maximumEntries);
      const isFile = checkEntry(path, entry.header);
      const { name, size = 0 } = entry.header;
      if (size > maximumEntryBytes) throw new DataTooLargeError(`${path}: ${name}`, 'bytes', maximumEntryBytes);
      if (isFile) {
        yield {
          name: name.replace(/^(\.\/)+/, ''),
          read: () => readEntry(entry).catch(explain),
        };
      }
      entry.resume();
    }
    const error = await failure;
    if (error !== undefined) throw error;
  } catch (error) {
    await explain(error);
  } finally {
    unpacked.destroy();
    await failure;
  }
}

async function readEntry(entry: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of entry) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function cappedAt(maximum: number, path: string): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      if (total > maximum) done(new DataTooLargeError(path, 'bytes', maximum));
      else done(null, chunk);
    },
  });
}

/** Refuses names that would lead out of a folder they are joined to, on any platform. */
export function checkEntryName(path: string, name: string): void {
  const leadsOut = name.split('/').includes('..') || name.startsWith('/') || /[\\\0]|^[A-Za-z]:/.test(name);
  if (leadsOut) throw new UnsafeArchiveError(path, name, 'has a path that leads out of the archive');
}

/** True for a file, false for a directory; anything else is refused. */
function checkEntry(path: string, { name, type }: Header): boolean {
  checkEntryName(path, name);
  if (type === 'file' || type === 'contiguous-file') return true;
  if (type === 'directory') return false;
  throw new UnsafeArchiveError(path, name, `is a ${type ?? 'thing of unknown type'}, not a file or directory`);
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
