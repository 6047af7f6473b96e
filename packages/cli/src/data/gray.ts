import type { Batch, ImageTransform } from '@espalier/datasets';

/**
 * A transform whose results are gray: 0.299 red + 0.587 green + 0.114 blue in every channel, as ITU-R BT.601 and
 * Pillow's mode `L` have it.
 */
export function grayTransform({ size, apply }: ImageTransform): ImageTransform {
  return {
    size,
    apply: (image, random) => {
      const { pixels, ...shape } = apply(image, random);
      const gray = new Uint8Array(pixels.length);
      for (let i = 0; i < gray.length; i += 3) {
        const value = Math.round(0.299 * at(pixels, i) + 0.587 * at(pixels, i + 1) + 0.114 * at(pixels, i + 2));
        gray.fill(value, i, i + 3);
      }
      return { ...shape, pixels: gray };
    },
  };
}

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;

/** A batch of gray images with one channel in place of three equal ones. */
export function grayBatch({ images, shape: [height, width], ...rest }: Batch): Batch {
  const gray = new Float32Array(images.length / 3);
  for (let i = 0; i < gray.length; i++) gray[i] = at(images, 3 * i);
  return { ...rest, images: gray, shape: [height, width, 1] };
}
