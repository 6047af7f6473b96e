import { DataTooLargeError, MalformedDataError } from '../../errors.js';
import { type MemoryBudget, memoryBudget } from '../../memory-budget.js';
import { archiveEntries } from '../archive/archive.js';
import type { ArchiveEntry } from '../archive/archive-entry.js';
import { isImageName, isPathPassedOver } from '../passed-over.js';
import { decodePixels } from './decode.js';
import type { DecodedImages } from './decoded-cache.js';
import type { ImageFolderOptions } from './image-folder-options.js';
import { maximumDecodeBytes, readImageHeader } from './image-header.js';

/** One image of an archive: its path, its folder, and which of the archive's files it is. */
interface Planned {
  readonly path: string;
  readonly folder: string;
  readonly file: number;
}

/** Images that are decoded at the same time. */
const inFlight = 64;

/**
 * Decodes an archive in two passes: the first lists the images, so that memory is taken once and every image has its
 * place in it when the second decodes them.
 */
export async function decodeArchive(path: string, options: ImageFolderOptions): Promise<DecodedImages> {
  const { shape, maximumMemory = 2 ** 31 } = options;
  const planned = await listImages(path, options);
  if (planned.length === 0) {
    throw new MalformedDataError(path, 'there are no images in class folders, as in class/image.jpg');
  }
  const classes = options.classes ?? [...new Set(planned.map(({ folder }) => folder))].sort();
  if (classes.length > 2 ** 16) throw new DataTooLargeError(path, 'classes', 2 ** 16, undefined);
  const numbers = new Map(classes.map((name, label) => [name.normalize('NFC'), label]));
  const labels = Uint16Array.from(planned, ({ folder, path: entry }) => {
    const label = numbers.get(folder);
    if (label !== undefined) return label;
    throw new MalformedDataError(path, `folder "${folder}" of ${entry} is none of the classes`);
  });
  const length = shape.reduce((product, side) => product * side, 1);
  const budget = memoryBudget(maximumMemory);
  budget.keep(planned.length * length, path);
  const images = new Uint8Array(planned.length * length);
  await decodeImages(path, options, { planned, budget, images, length });
  return { classes, shape, labels, images };
}

/** In the order of their paths. */
async function listImages(path: string, options: ImageFolderOptions): Promise<Planned[]> {
  const { maximumPerClass = Number.POSITIVE_INFINITY } = options;
  const planned: Planned[] = [];
  const taken = new Map<string, number>();
  let file = -1;
  for await (const { name } of archiveEntries(path, options, options.signal)) {
    file++;
    const folder = name.split('/').at(-2)?.normalize('NFC');
    if (folder === undefined || folder === '' || isPathPassedOver(name) || !isImageName(name)) continue;
    const count = taken.get(folder) ?? 0;
    if (count >= maximumPerClass) continue;
    taken.set(folder, count + 1);
    planned.push({ path: name, folder, file });
  }
  return planned.sort((a, b) => (a.path === b.path ? a.file - b.file : a.path < b.path ? -1 : 1));
}

interface Work {
  readonly planned: readonly Planned[];
  readonly budget: MemoryBudget;
  readonly images: Uint8Array;
  readonly length: number;
}

async function decodeImages(path: string, options: ImageFolderOptions, work: Work): Promise<void> {
  const { onProgress, shape, signal } = options;
  const { planned, budget, images, length } = work;
  const places = new Map(planned.map(({ file }, place) => [file, place]));
  const running: Promise<void>[] = [];
  let file = -1;
  for await (const entry of archiveEntries(path, options, signal)) {
    const place = places.get(++file);
    if (place === undefined) continue;
    if (planned[place]?.path !== entry.name) throw changed(path);
    const source = `${path}: ${entry.name}`;
    const release = await budget.take(entry.size + shape[0] * shape[1] * maximumDecodeBytes, source);
    const encoded = await entry.read();
    const decoding = decodeOne(encoded, source, options)
      .then(pixels => images.set(pixels, place * length))
      .finally(release);
    // awaited below; the first failure in the order of the archive is the one that is reported
    decoding.catch(() => undefined);
    running.push(decoding);
    await running.at(-inFlight);
    if (running.length % 500 === 0) onProgress?.(running.length);
  }
  for (const decoding of running.slice(-inFlight)) await decoding;
  if (running.length !== planned.length) throw changed(path);
  onProgress?.(running.length);
}

const changed = (path: string): MalformedDataError =>
  new MalformedDataError(path, 'the archive changed while it was read');

async function decodeOne(
  encoded: Awaited<ReturnType<ArchiveEntry['read']>>,
  source: string,
  { shape, maximumPixels = 2 ** 26 }: ImageFolderOptions,
): Promise<Uint8Array> {
  const [height, width, channels] = shape;
  const header = await readImageHeader(encoded, source, maximumPixels);
  if (header.height !== height || header.width !== width) {
    throw new MalformedDataError(source, `the image is ${header.height}x${header.width} instead of ${height}x${width}`);
  }
  return decodePixels(encoded, source, header, { channels: channels === 1 ? 1 : 3, failOn: 'warning' });
}
