import { join } from 'node:path';
import { byteDataset } from '../byte-dataset.js';
import type { Dataset, ImageShape } from '../dataset.js';
import { DataTooLargeError, InvalidDatasetOptionError, MalformedDataError } from '../errors.js';
import { type ArchiveLimits, archiveEntries } from './archive.js';
import { sha256OfFile } from './checksum.js';
import { type Decoder, imageDecoder } from './decode.js';
import { type DecodedImages, readDecoded, writeDecoded } from './decoded-cache.js';
import { cacheDirectory } from './directories.js';

/** How to read an archive of images in class folders. */
export interface ImageFolderOptions extends ArchiveLimits {
  /** Name of the dataset. */
  readonly name: string;
  /** Height, width and channels that every image has. */
  readonly shape: ImageShape;
  /** Names of the classes, in the order of their labels. The folders' names in alphabetical order if left out. */
  readonly classes?: readonly string[];
  /** Images to take of each class, the first ones in the archive. All if left out. */
  readonly maximumPerClass?: number;
  /**
   * Where decoded images are kept for the next time, or `false` not to keep them.
   *
   * @defaultValue the result of {@link cacheDirectory}
   */
  readonly cacheDirectory?: string | false;
  /** Called with the number of images decoded so far. */
  readonly onProgress?: (decoded: number) => void;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * Dataset out of a tar archive, plain or gzip, with one folder for each class: `…/class/image.jpg`, at any depth.
 *
 * The archive is streamed and never unpacked to disk. Images are ordered by their paths; files whose names begin with a dot, such
 * as those that macOS adds, are passed over. Decoding 50,000 JPEGs of 32x32 takes
 * about 14 s on two cores, so the pixels are kept in a cache file named after the archive's SHA-256.
 *
 * @param path - The archive.
 * @param options - Name, shape, classes, limits, cache.
 * @returns A dataset in memory, one byte a value.
 * @throws {@link MalformedDataError} if the archive is damaged, an image cannot be read or has another size, a folder is no
 * class, or there are no images.
 * @throws {@link DataTooLargeError} if the archive holds more than the limits allow, or over 2^31 bytes of pixels.
 * @throws {@link UnsafeArchiveError} if it holds links, devices or paths that lead out of it.
 * @throws {@link InvalidDatasetOptionError} if an option is out of range.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import type { Dataset } from '@espalier/datasets';
 * import { imageFolderArchive } from '@espalier/datasets/node';
 *
 * export const readTest = (): Promise<Dataset> =>
 *   imageFolderArchive('/data/cifar10/test.tar.gz', { name: 'cifar10/test', shape: [32, 32, 3] });
 * ```
 */
export async function imageFolderArchive(path: string, options: ImageFolderOptions): Promise<Dataset> {
  const { name, maximumPerClass = Number.POSITIVE_INFINITY } = options;
  if (!(maximumPerClass >= 1)) {
    throw new InvalidDatasetOptionError('maximumPerClass', 'at least 1', maximumPerClass);
  }
  const directory = options.cacheDirectory ?? cacheDirectory();
  if (directory === false) return dataset(name, await decodeArchive(path, options));
  const what = [...options.shape, maximumPerClass === Number.POSITIVE_INFINITY ? 'all' : maximumPerClass].join('x');
  const kept = join(directory, 'decoded', `${await sha256OfFile(path)}-${what}.bin`);
  const found = await readDecoded(kept);
  if (found !== undefined && sameClasses(found.classes, options.classes)) return dataset(name, found);
  const decoded = await decodeArchive(path, options);
  await writeDecoded(kept, decoded);
  return dataset(name, decoded);
}

const dataset = (name: string, decoded: DecodedImages): Dataset => byteDataset({ name, ...decoded });

const sameClasses = (found: readonly string[], wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || JSON.stringify(found) === JSON.stringify(wanted);

interface Picture {
  readonly path: string;
  readonly folder: string;
  readonly pixels: Promise<Uint8Array>;
}

/** Pictures that are decoded at the same time. */
const inFlight = 64;

async function decodeArchive(path: string, options: ImageFolderOptions): Promise<DecodedImages> {
  const pictures = await decodePictures(path, options, await imageDecoder(options.shape));
  pictures.sort((a, b) => (a.path < b.path ? -1 : 1));
  if (pictures.length === 0) throw new MalformedDataError(path, 'there are no images in class folders');
  const classes = options.classes ?? [...new Set(pictures.map(({ folder }) => folder))].sort();
  const labels = Uint16Array.from(pictures, ({ folder, path: entry }) => {
    const label = classes.indexOf(folder);
    if (label < 0) throw new MalformedDataError(path, `folder "${folder}" of ${entry} is none of the classes`);
    return label;
  });
  const length = options.shape.reduce((product, side) => product * side, 1);
  const images = new Uint8Array(pictures.length * length);
  for (const [index, { pixels }] of pictures.entries()) images.set(await pixels, index * length);
  return { classes, shape: options.shape, labels, images };
}

async function decodePictures(path: string, options: ImageFolderOptions, decode: Decoder): Promise<Picture[]> {
  const { maximumPerClass = Number.POSITIVE_INFINITY, onProgress, shape } = options;
  const length = shape.reduce((product, side) => product * side, 1);
  const pictures: Picture[] = [];
  const taken = new Map<string, number>();
  for await (const entry of archiveEntries(path, options, options.signal)) {
    const [file, folder] = entry.name.split('/').reverse();
    const count = taken.get(folder ?? '') ?? 0;
    if (folder === undefined || file!.startsWith('.') || count >= maximumPerClass) continue;
    taken.set(folder, count + 1);
    if ((pictures.length + 1) * length > 2 ** 31) throw new DataTooLargeError(path, 'bytes of pixels', 2 ** 31);
    const encoded = await entry.read();
    const pixels = decode(encoded, `${path}: ${entry.name}`);
    pixels.catch(() => undefined); // awaited below or by the caller; the first failure is the one that is reported
    pictures.push({ path: entry.name, folder, pixels });
    await pictures.at(-inFlight)?.pixels;
    if (pictures.length % 500 === 0) onProgress?.(pictures.length);
  }
  for (const { pixels } of pictures.slice(-inFlight)) await pixels;
  onProgress?.(pictures.length);
  return pictures;
}
