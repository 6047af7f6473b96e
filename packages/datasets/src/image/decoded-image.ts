/** A decoded image: red, green and blue, one byte each. */
export interface DecodedImage {
  /** Number of rows, at least 1. */
  readonly height: number;
  /** Number of columns, at least 1. */
  readonly width: number;
  /** Height by width by 3, row-major. */
  readonly pixels: Uint8Array;
}

/** Labeled images of any size that are decoded when they are read, such as the files of a folder. */
export interface ImageFiles {
  /** Short name for reports, such as `caltech101/train`. */
  readonly name: string;
  /** Names of the classes; a label is an index into them. */
  readonly classes: readonly string[];
  /** Number of images. */
  readonly size: number;
  /**
   * Label of one image, from 0 to `classes.length` − 1.
   *
   * @param index - Image, from 0 to `size` − 1.
   */
  label(index: number): number;
  /**
   * Where one image comes from: a file's path, or another name that tells it from all others; used in errors.
   *
   * @param index - Image, from 0 to `size` − 1.
   */
  path(index: number): string;
  /**
   * Decodes one image. Nothing is kept, so that reading it again decodes it again.
   *
   * @param index - Image, from 0 to `size` − 1.
   */
  read(index: number): Promise<DecodedImage>;
}

/** A rectangle of pixels. */
export interface Rectangle {
  /** First row. */
  readonly top: number;
  /** First column. */
  readonly left: number;
  /** Number of rows. */
  readonly height: number;
  /** Number of columns. */
  readonly width: number;
}

/** Copy of a rectangle that lies in the image. */
export function cropImage({ width, pixels }: DecodedImage, { top, left, ...size }: Rectangle): DecodedImage {
  const cropped = new Uint8Array(size.height * size.width * 3);
  for (let y = 0; y < size.height; y++) {
    const start = ((top + y) * width + left) * 3;
    cropped.set(pixels.subarray(start, start + size.width * 3), y * size.width * 3);
  }
  return { ...size, pixels: cropped };
}

/** Mirrors left to right, in place. */
export function mirrorImage({ height, width, pixels }: DecodedImage): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width >> 1; x++) {
      const left = (y * width + x) * 3;
      const right = (y * width + width - 1 - x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const kept = pixels[left + channel]!;
        pixels[left + channel] = pixels[right + channel]!;
        pixels[right + channel] = kept;
      }
    }
  }
}
