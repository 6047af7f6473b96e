import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { type Entry, fromBuffer, type Options, type ZipFile } from 'yauzl';
import { ModelFileError } from '../errors.js';
import { invalidKerasFile, overMemory } from '../file-problems.js';

const openZip = promisify<Buffer, Options, ZipFile>(fromBuffer);

/** Where Keras 3 puts the weights, and the configuration of the model. */
export type KerasArchiveEntry = 'model.weights.h5' | 'config.json';

/** A file in a `.keras` archive, which may have so many bytes; undefined if there is none of its name. */
export async function inKerasArchive(
  file: string,
  bytes: Buffer,
  name: KerasArchiveEntry,
  most: number,
): Promise<Buffer | undefined> {
  const zip = await openZip(bytes, { lazyEntries: true, autoClose: false }).catch((cause: unknown) => {
    throw invalidKerasFile(file, 'Its zip archive is damaged.', cause);
  });
  try {
    const entry = await find(zip, name);
    if (!entry) return undefined;
    if (entry.uncompressedSize > most) {
      throw overMemory(file, `its ${name} unpacks to ${entry.uncompressedSize} bytes, over the limit of ${most}`);
    }
    const content = await buffer(await promisify(zip.openReadStream.bind(zip) as Open)(entry));
    if (crc32(content) !== entry.crc32) throw new Error('the checksum is another');
    return content;
  } catch (cause) {
    if (cause instanceof ModelFileError) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw invalidKerasFile(file, `Its zip archive cannot be used (${problem}).`, cause);
  } finally {
    zip.close();
  }
}

type Open = (entry: Entry, done: (error: Error | null, stream: NodeJS.ReadableStream) => void) => void;

function find(zip: ZipFile, name: KerasArchiveEntry): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => (entry.fileName === name ? resolve(entry) : zip.readEntry()));
    zip.on('end', () => resolve(undefined));
    zip.on('error', reject);
    zip.readEntry();
  });
}
