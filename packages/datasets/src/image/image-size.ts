import { type OptionRule, rules } from '@espalier/core';

/** Sides of an image: one number for both, or height and width, from 1 to 4096. */
export type ImageSize = number | readonly [height: number, width: number];

const side = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 4096;

/** Height and width of what a transform makes. */
export const imageSizeRule: OptionRule = rules.that(
  'an integer from 1 to 4096, or two of them, height and width',
  value => (Array.isArray(value) ? value.length === 2 && value.every(side) : side(value)),
);

/**
 * Height and width of an {@link ImageSize}.
 *
 * @param size - One number for both, or height and width.
 * @returns Both.
 * @throws {@link InvalidOptionError} if it is no size.
 *
 * @example
 * ```ts
 * import { imageSides } from '@espalier/datasets';
 *
 * console.log(imageSides(64), imageSides([96, 128])); // [64, 64] [96, 128]
 * ```
 */
export function imageSides(size: ImageSize): readonly [height: number, width: number] {
  imageSizeRule('size', size as never);
  return sidesOf(size);
}

/** The same for a size that was checked, or is that of a caller's own transform. */
export const sidesOf = (size: ImageSize): readonly [height: number, width: number] =>
  typeof size === 'number' ? [size, size] : [size[0], size[1]];
