import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { type Entry, type Options, open, type ZipFile } from 'yauzl';
import type { ByteSource } from '../byte-source.js';
import { ModelFileError } from '../errors.js';
import { invalidKerasFile, overMemory } from '../file-problems.js';
import type { Hdf5Place } from '../hdf5/hdf5-program.js';

const openZip = promisify<string, Options, ZipFile>(open);

/** Where Keras 3 puts the weights, and the configuration of the model. */
export type KerasArchiveEntry = 'model.weights.h5' | 'config.json';

/**
 * Where a file in a `.keras` archive is: in the archive itself if it is not compressed, as Keras 3 writes it, and else
 * in memory, where it may have so many bytes; undefined if there is none of its name.
 */
export async function inKerasArchive(
  file: string,
  source: ByteSource,
  name: KerasArchiveEntry,
  most: number,
): Promise<Hdf5Place | undefined> {
  const zip = await openZip(file, { lazyEntries: true, autoClose: false }).catch((cause: unknown) => {
    throw invalidKerasFile(file, 'Its zip archive is damaged.', cause);
  });
  try {
    const entry = await find(zip, name);
    if (!entry) return undefined;
    const { compressionMethod, uncompressedSize: length } = entry;
    if (length > most) {
      throw overMemory(file, `its ${name} unpacks to ${length} bytes, over the limit of ${most}`);
    }
    if (compressionMethod !== 0 || entry.compressedSize !== length || (entry.generalPurposeBitFlag & 1) !== 0) {
      return { bytes: await unpacked(zip, entry) };
    }
    const { readLocalFileHeader } = zip as unknown as { readonly readLocalFileHeader: ReadHeader };
    const { fileDataStart: start } = await promisify(readLocalFileHeader.bind(zip) as ReadHeader)(entry);
    await requireChecksum(entry, part => source.read(start + part, Math.min(partLength, length - part)));
    return { path: file, start, length };
  } catch (cause) {
    if (cause instanceof ModelFileError) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw invalidKerasFile(file, `Its zip archive cannot be used (${problem}).`, cause);
  } finally {
    zip.close();
  }
}

type Open = (entry: Entry, done: (error: Error | null, stream: AsyncIterable<Buffer>) => void) => void;
/** Its types do not have it. */
type ReadHeader = (
  entry: Entry,
  done: (error: Error | null, header: { readonly fileDataStart: number }) => void,
) => void;

/** The bytes of an entry, which yauzl holds to the size that it says, with the checksum that it says. */
async function unpacked(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const bytes = new Uint8Array(entry.uncompressedSize);
  let done = 0;
  for await (const chunk of await promisify(zip.openReadStream.bind(zip) as unknown as Open)(entry)) {
    bytes.set(chunk, done);
    done += chunk.length;
  }
  await requireChecksum(entry, async part => bytes.subarray(part, part + partLength));
  return bytes;
}

/** How many bytes are looked at together. */
const partLength = 2 ** 20;

async function requireChecksum(entry: Entry, partAt: (start: number) => Promise<Uint8Array>): Promise<void> {
  let checksum = 0;
  for (let start = 0; start < entry.uncompressedSize; start += partLength) {
    checksum = crc32(await partAt(start), checksum);
  }
  if (checksum !== entry.crc32) throw new Error('the checksum is another');
}

function find(zip: ZipFile, name: KerasArchiveEntry): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => (entry.fileName === name ? resolve(entry) : zip.readEntry()));
    zip.on('end', () => resolve(undefined));
    zip.on('error', reject);
    zip.readEntry();
  });
}
