import { pipeline, type Readable, Transform } from 'node:stream';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { EspalierError } from '@espalier/core';
import { FileAccessError, systemCodeOf } from '@espalier/core/node';
import { type Entry, type Options, open, type ZipFile } from 'yauzl';
import { DataTooLargeError, MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { UnsafeArchiveError } from '../errors.js';
import { type ArchiveEntry, checkEntryName, entryChunks, readChunks } from './archive-entry.js';

const openZip = promisify<string, Options, ZipFile>(open);

/**
 * The files of a zip archive, one after the other; nothing is written to disk.
 *
 * Throws {@link UnsafeArchiveError} for links and paths that lead elsewhere, {@link DataTooLargeError} beyond a limit,
 * {@link MalformedDataError} for a damaged or encrypted archive.
 */
export async function* zipEntries(
  path: string,
  limits: ReadLimits = {},
  signal?: AbortSignal,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const { maximumEntries = 2 ** 20, maximumEntryBytes = 2 ** 26, maximumTotalBytes = 2 ** 31 } = limits;
  const explain = async (error: unknown): Promise<never> => {
    signal?.throwIfAborted();
    return explainZip(path)(error);
  };
  const zip = await openZip(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch(explain);
  zip.on('error', () => undefined); // one that comes while nobody asks for an entry must not end the process
  const openStream = promisify<Entry, Readable>(zip.openReadStream.bind(zip));
  try {
    if (zip.entryCount > maximumEntries) {
      throw new DataTooLargeError(path, 'entries', maximumEntries, 'maximumEntries');
    }
    let total = 0;
    for (let entry = await nextEntry(zip, path); entry !== undefined; entry = await nextEntry(zip, path)) {
      signal?.throwIfAborted();
      const { fileName: name, uncompressedSize: size } = entry;
      const source = `${path}: ${name}`;
      checkEntryName(path, name);
      if (isLink(entry)) throw new UnsafeArchiveError(path, name, 'is a symlink, not a file or directory');
      if (size > maximumEntryBytes)
        throw new DataTooLargeError(source, 'bytes', maximumEntryBytes, 'maximumEntryBytes');
      total += size;
      if (total > maximumTotalBytes) {
        throw new DataTooLargeError(path, 'bytes', maximumTotalBytes, 'maximumTotalBytes');
      }
      if (name.endsWith('/')) continue;
      if (entry.isEncrypted()) throw new MalformedDataError(source, 'the file is encrypted');
      const current = entry;
      const opened = async (): Promise<Readable> => checked(await openStream(current), current);
      const chunks = () => entryChunks(opened, { source, maximumBytes: maximumEntryBytes, explain });
      yield { name, size, chunks, read: () => readChunks(chunks()) };
    }
  } finally {
    zip.close();
  }
}

/** The same bytes, with an error at the end if their checksum is not that of the entry. */
function checked(stream: Readable, entry: Entry): Readable {
  let checksum = 0;
  const check = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      checksum = crc32(chunk, checksum);
      done(null, chunk);
    },
    flush: done => {
      done(checksum === entry.crc32 ? null : new Error(`${entry.fileName} has another CRC-32 than the archive says`));
    },
  });
  // An error of either destroys both, so that whoever reads the second hears of it.
  return pipeline(stream, check, () => undefined);
}

/** Turns what yauzl, zlib or the system threw into what the caller should hear. */
const explainZip =
  (path: string) =>
  (error: unknown): never => {
    if (EspalierError.isInstance(error)) throw error;
    if (systemCodeOf(error) !== undefined) throw new FileAccessError(path, 'read', error);
    const problem = error instanceof Error ? error.message : String(error);
    if (/^(invalid relative path|absolute path|invalid characters in fileName)/.test(problem)) {
      throw new UnsafeArchiveError(path, problem.replace(/^[^:]*: /, ''), 'has a path that leads out of the archive');
    }
    throw new MalformedDataError(path, `damaged archive (${problem})`, { cause: error });
  };

function nextEntry(zip: ZipFile, path: string): Promise<Entry | undefined> {
  return new Promise<Entry | undefined>((resolve, reject) => {
    const forget = (): void => {
      zip.off('entry', gotEntry).off('end', ended).off('error', failed);
    };
    const gotEntry = (entry: Entry): void => {
      forget();
      resolve(entry);
    };
    const ended = (): void => {
      forget();
      resolve(undefined);
    };
    const failed = (error: unknown): void => {
      forget();
      reject(error);
    };
    zip.on('entry', gotEntry).on('end', ended).on('error', failed);
    zip.readEntry();
  }).catch(explainZip(path));
}

/** Upper half of the external attributes is the mode of Unix, whose upper four bits are the type: 10 is a link. */
const isLink = ({ versionMadeBy, externalFileAttributes }: Entry): boolean =>
  versionMadeBy >> 8 === 3 && externalFileAttributes >>> 28 === 10;
