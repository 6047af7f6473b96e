import type { ImageShape } from '../dataset.js';
import { MalformedDataError } from '../errors.js';

/** Makes pixels of an encoded image, height by width by channels. */
export type Decoder = (encoded: Uint8Array, source: string) => Promise<Uint8Array>;

/**
 * A decoder for JPEG, PNG and the other formats of the npm package `sharp`, which is loaded here. Images of another size than
 * `shape` are refused; colours become sRGB, or grey for one channel; transparency is dropped.
 */
export async function imageDecoder([height, width, channels]: ImageShape): Promise<Decoder> {
  const { default: sharp } = await import('sharp');
  return async (encoded, source) => {
    try {
      const image = sharp(encoded, { limitInputPixels: 2 ** 26, failOn: 'warning' });
      const { data, info } = await image
        .removeAlpha()
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      if (info.height === height && info.width === width && info.channels === channels) return data;
      const [actual, wanted] = [`${info.height}x${info.width}x${info.channels}`, `${height}x${width}x${channels}`];
      throw new MalformedDataError(source, `the image is ${actual} instead of ${wanted}`);
    } catch (error) {
      if (error instanceof MalformedDataError) throw error;
      throw new MalformedDataError(source, `not a readable image (${error instanceof Error ? error.message : error})`);
    }
  };
}
