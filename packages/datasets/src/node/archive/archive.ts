import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EspalierError } from '@espalier/core';
import { FileAccessError, systemCodeOf, withFileErrors } from '@espalier/core/node';
import { extract } from 'tar-stream';
import { DataTooLargeError, MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { requireFile } from '../file-system.js';
import { type ArchiveEntry, entryChunks, readChunks } from './archive-entry.js';
import { checkTarEntry } from './tar-entry.js';
import { zipEntries } from './zip.js';

/**
 * The files of an archive, tar (plain or gzip) or zip by its first bytes, one after the other; nothing is written to
 * disk.
 */
export async function* archiveEntries(
  path: string,
  limits: ReadLimits = {},
  signal?: AbortSignal,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  await requireFile(path);
  const kind = await kindOf(path);
  if (kind === 'zip') yield* zipEntries(path, limits, signal);
  else yield* tarEntries(path, kind === 'gzip', limits, signal);
}

/**
 * Throws {@link UnsafeArchiveError} for links, devices and paths that lead elsewhere, {@link DataTooLargeError} beyond
 * a limit, {@link MalformedDataError} for a damaged archive or one cut short.
 */
async function* tarEntries(
  path: string,
  compressed: boolean,
  limits: ReadLimits,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const { maximumEntries = 2 ** 20, maximumEntryBytes = 2 ** 26, maximumTotalBytes = 2 ** 31 } = limits;
  const unpacked = extract();
  const stages = [...(compressed ? [createGunzip()] : []), cappedAt(maximumTotalBytes, path), unpacked];
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
    const cause = EspalierError.isInstance(error) ? error : first;
    if (EspalierError.isInstance(cause)) throw cause;
    if (systemCodeOf(cause) !== undefined) throw new FileAccessError(path, 'read', cause);
    throw new MalformedDataError(path, `damaged archive (${cause instanceof Error ? cause.message : String(cause)})`);
  };
  let entries = 0;
  try {
    for await (const entry of unpacked) {
      if (++entries > maximumEntries) throw new DataTooLargeError(path, 'entries', maximumEntries, 'maximumEntries');
      const isFile = checkTarEntry(path, entry.header);
      const { name, size = 0 } = entry.header;
      const source = `${path}: ${name}`;
      if (size > maximumEntryBytes)
        throw new DataTooLargeError(source, 'bytes', maximumEntryBytes, 'maximumEntryBytes');
      if (isFile) {
        const chunks = () => entryChunks(async () => entry, { source, maximumBytes: maximumEntryBytes, explain });
        yield { name: name.replace(/^(\.\/)+/, ''), size, chunks, read: () => readChunks(chunks()) };
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

const otherKinds: readonly [begins: string, name: string][] = [
  ['BZh', 'bzip2'],
  ['\xfd7zXZ', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['7z\xbc\xaf', '7-zip'],
  ['Rar!', 'RAR'],
];

async function kindOf(path: string): Promise<'gzip' | 'zip' | 'tar'> {
  const start = await withFileErrors(path, 'read', async () => {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(6), 0, 6, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  });
  const other = otherKinds.find(([begins]) => start.startsWith(begins));
  if (other !== undefined) {
    throw new MalformedDataError(path, `it is packed with ${other[1]}; only tar, tar with gzip, and zip are read`);
  }
  if (start.startsWith('\x1f\x8b')) return 'gzip';
  return start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06') ? 'zip' : 'tar';
}

function cappedAt(maximum: number, path: string): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      if (total > maximum) done(new DataTooLargeError(path, 'bytes', maximum, 'maximumTotalBytes'));
      else done(null, chunk);
    },
  });
}
