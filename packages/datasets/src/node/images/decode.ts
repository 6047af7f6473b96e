import type { ImageHeader } from './image-header.js';
import { unreadable } from './image-header.js';
import { damagedImage } from './malformed-images.js';

/** How {@link decodePixels} decodes. */
export interface DecodeOptions {
  readonly channels: 1 | 3;
  /** What a decoder may not pass over: files that are cut short, or all that it warns of. */
  readonly failOn: 'truncated' | 'warning';
}

/**
 * Bytes of the pixels of an image, height by width by channels: colors in sRGB as they are stored, or gray for one
 * channel; transparency is dropped, color profiles and orientations are not applied, of several pages the first is
 * taken.
 */
export async function decodePixels(
  encoded: Uint8Array,
  source: string,
  { height, width }: Pick<ImageHeader, 'height' | 'width'>,
  { channels, failOn }: DecodeOptions,
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const image = sharp(encoded, { limitInputPixels: height * width, failOn, ignoreIcc: true });
  const { data, info } = await image
    .removeAlpha()
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => unreadable(source, error));
  if (info.height === height && info.width === width && info.channels === channels) return data;
  throw damagedImage(source, `the decoded image is ${info.height}x${info.width}x${info.channels}`);
}
