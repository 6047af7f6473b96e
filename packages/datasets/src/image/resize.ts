import { checkOptions, InvalidOptionError, type OptionRules, rules } from '@espalier/core';
import { DataTooLargeError } from '../errors.js';
import { cropImage, type DecodedImage, type Rectangle } from './decoded-image.js';
import { interpolationRule } from './image-transform.js';
import { type Interpolation, type ResamplingWeights, resamplingWeights, weightBits } from './resampling-weights.js';

/** Size and filter for {@link resizeImage}. */
export interface ResizeOptions {
  /** Rows of the whole result, from 1 to 2^24. */
  readonly height: number;
  /** Columns of the whole result, from 1 to 2^24. */
  readonly width: number;
  /**
   * Filter, with antialiasing.
   *
   * @defaultValue 'bilinear'
   */
  readonly interpolation?: Interpolation | undefined;
  /** The part of the result to compute, all of it if left out. The same pixels as if it were cut out afterwards. */
  readonly window?: Rectangle | undefined;
}

/**
 * Resizes as Pillow's `Image.resize` does, and so torchvision's `Resize` of Pillow images: the antialiased triangle or
 * cubic filter, columns first, rounded to bytes between the two passes, in the same fixed-point arithmetic.
 *
 * The tolerance against Pillow 11 and 12 is 0: every byte of the golden arrays (`test/golden/resize.py`) is equal.
 * Pillow 13 goes through rows before columns for some changes of shape, and rounds other bytes then; not so for 375x500
 * to 256x341.
 *
 * @param image - Image of any size; not changed.
 * @param options - Size, filter, part.
 * @returns A new image of the size of the window.
 * @throws {@link InvalidOptionError} if a size is out of range or the window does not lie in the result.
 * @throws {@link DataTooLargeError} if there would be more than 2^26 pixels between the two passes.
 *
 * @example Two pixels become one.
 * ```ts
 * import { resizeImage } from '@espalier/datasets';
 *
 * const image = { height: 1, width: 2, pixels: Uint8Array.of(0, 10, 20, 100, 110, 120) };
 * console.log([...resizeImage(image, { height: 1, width: 1 }).pixels]); // [50, 60, 70]
 * ```
 */
export function resizeImage(image: DecodedImage, options: ResizeOptions): DecodedImage {
  imageRule('image', image as never);
  checkOptions(options, resizeRules);
  const { height, width, interpolation = 'bilinear' } = options;
  const window = options.window ?? { top: 0, left: 0, height, width };
  requireWindow(window, height, width);
  const rows =
    height === image.height
      ? undefined
      : resamplingWeights(image.height, height, interpolation, window.top, window.height);
  const firstRow = rows === undefined ? window.top : rows.starts[0]!;
  const endRow = rows === undefined ? window.top + window.height : rows.starts.at(-1)! + rows.counts.at(-1)!;
  const band = { top: firstRow, height: endRow - firstRow };
  if (band.height * window.width > 2 ** 26)
    throw new DataTooLargeError('an image to resize', 'pixels', 2 ** 26, undefined);
  const narrowed =
    width === image.width
      ? cropImage(image, { ...band, left: window.left, width: window.width })
      : resampleColumns(image, band, resamplingWeights(image.width, width, interpolation, window.left, window.width));
  return rows === undefined ? narrowed : resampleRows(narrowed, firstRow, rows);
}

const half = 1 << (weightBits - 1);

function resampleColumns(
  { width, pixels }: DecodedImage,
  band: Pick<Rectangle, 'top' | 'height'>,
  { starts, counts, weights, stride }: ResamplingWeights,
): DecodedImage {
  const columns = starts.length;
  const result = new Uint8ClampedArray(band.height * columns * 3);
  for (let y = 0; y < band.height; y++) {
    const line = (band.top + y) * width;
    for (let x = 0; x < columns; x++) {
      let [red, green, blue] = [half, half, half];
      let from = (line + starts[x]!) * 3;
      const end = x * stride + counts[x]!;
      for (let k = x * stride; k < end; k++, from += 3) {
        const weight = weights[k]!;
        red += pixels[from]! * weight;
        green += pixels[from + 1]! * weight;
        blue += pixels[from + 2]! * weight;
      }
      const to = (y * columns + x) * 3;
      result[to] = red >> weightBits;
      result[to + 1] = green >> weightBits;
      result[to + 2] = blue >> weightBits;
    }
  }
  return { height: band.height, width: columns, pixels: new Uint8Array(result.buffer) };
}

/** Row 0 of `pixels` is row `firstRow` of the whole image. */
function resampleRows(
  { width, pixels }: DecodedImage,
  firstRow: number,
  { starts, counts, weights, stride }: ResamplingWeights,
): DecodedImage {
  const length = width * 3;
  const result = new Uint8ClampedArray(starts.length * length);
  for (let y = 0; y < starts.length; y++) {
    const start = (starts[y]! - firstRow) * length;
    const count = counts[y]!;
    for (let i = 0; i < length; i++) {
      let sum = half;
      for (let k = 0; k < count; k++) sum += pixels[start + k * length + i]! * weights[y * stride + k]!;
      result[y * length + i] = sum >> weightBits;
    }
  }
  return { height: starts.length, width, pixels: new Uint8Array(result.buffer) };
}

const imageRule = rules.that('an image, with height, width and pixels for them', value => {
  const { height, width, pixels } = (value ?? {}) as Partial<DecodedImage>;
  return pixels instanceof Uint8Array && pixels.length > 0 && pixels.length === (height ?? 0) * (width ?? 0) * 3;
});

const sideRule = rules.integer({ from: 1, to: 2 ** 24 });
const fromZero = rules.integer({ from: 0 });

const resizeRules: OptionRules<ResizeOptions> = {
  height: sideRule,
  width: sideRule,
  interpolation: rules.optional(interpolationRule),
  window: rules.optional(rules.object<Rectangle>({ top: fromZero, left: fromZero, height: sideRule, width: sideRule })),
};

function requireWindow(window: Rectangle, height: number, width: number): void {
  const { top, left, height: rows, width: columns } = window;
  const whole = [top, left, rows, columns].every(Number.isSafeInteger);
  if (whole && Math.min(top, left) >= 0 && Math.min(rows, columns) >= 1) {
    if (top + rows <= height && left + columns <= width && rows * columns <= 2 ** 26) return;
  }
  throw new InvalidOptionError('window', window, `a rectangle within ${height}x${width} of at most 2^26 pixels`);
}
