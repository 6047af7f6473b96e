import { DataTooLargeError } from '../../errors.js';
import { damagedImage } from './malformed-images.js';

/** What an image says about itself before it is decoded. */
export interface ImageHeader {
  readonly height: number;
  readonly width: number;
  /** Bytes that its decoder may take: pixels as they are stored, and as bytes of red, green and blue, twice. */
  readonly memory: number;
}

const depthBytes: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2 };

/** Cyan, magenta, yellow, black and transparency. */
const maximumChannels = 5;

/** The most that {@link ImageHeader.memory} is for one pixel. */
export const maximumDecodeBytes: number = maximumChannels * 2 + 6;

/** Reads the header of an image; refuses formats that are not images made of pixels, and more pixels than allowed. */
export async function readImageHeader(
  encoded: Uint8Array,
  source: string,
  maximumPixels: number,
): Promise<ImageHeader> {
  requireFormat(encoded, source);
  const { default: sharp } = await import('sharp');
  const found = await sharp(encoded, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => unreadable(source, error));
  const { width, height, channels, depth } = found;
  const bytes = depthBytes[depth];
  if (channels > maximumChannels || bytes === undefined) {
    throw damagedImage(source, `the image has ${channels} channels of ${depth}; up to 5 of 16 bits are read`);
  }
  if (width * height > maximumPixels) throw new DataTooLargeError(source, 'pixels', maximumPixels, 'maximumPixels');
  return { height, width, memory: width * height * (channels * bytes + 6) };
}

/** The error for an image that cannot be decoded. */
export function unreadable(source: string, error: unknown): never {
  const problem = `not a readable image (${error instanceof Error ? error.message : String(error)})`;
  throw damagedImage(source, problem, { cause: error });
}

/** A format of images, by the bytes that files begin with. */
type Format = readonly [name: string, signature: string, offset: number];

const formats: readonly Format[] = [
  ['JPEG', '\xff\xd8\xff', 0],
  ['PNG', '\x89PNG\r\n\x1a\n', 0],
  ['GIF', 'GIF8', 0],
  ['WebP', 'WEBP', 8],
  ['TIFF', 'II*\0', 0],
  ['TIFF', 'MM\0*', 0],
  ['TIFF', 'II+\0', 0],
  ['TIFF', 'MM\0+', 0],
  ['AVIF', 'ftypavi', 4],
  ['AVIF', 'ftypmif1', 4],
];

/** Formats that decoders of the web do not have. */
const otherFormats: readonly Format[] = [
  ['BMP', 'BM', 0],
  ['HEIC', 'ftyphei', 4],
  ['HEIC', 'ftyphev', 4],
  ['JPEG XL', '\xff\x0a', 0],
  ['JPEG XL', 'JXL ', 4],
  ['JPEG 2000', 'jP  ', 4],
];

/** By the first bytes, whatever the name says: what a document of text could ask for, such as SVG, knows no bounds. */
function requireFormat(encoded: Uint8Array, source: string): void {
  const start = Buffer.from(encoded.subarray(0, 16)).toString('latin1');
  const isIt = ([, signature, offset]: Format): boolean => start.startsWith(signature, offset);
  if (formats.some(isIt)) return;
  const known = [...new Set(formats.map(([name]) => name))].join(', ');
  const other = otherFormats.find(isIt);
  if (other) throw damagedImage(source, `an image of ${other[0]}, which is not read; save it as one of ${known}`);
  throw damagedImage(source, `not a readable image (it is none of ${known} by its first bytes)`);
}
