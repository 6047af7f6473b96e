import { type OptionRule, rules } from '@espalier/core';
import type { ImageSize } from '@espalier/datasets';
import { UsageError } from '../errors.js';
import { type ParsedOptions, text } from './read.js';

const sides = /^([1-9]\d{0,3})(?:[xX×]([1-9]\d{0,3}))?$/;

const isSide = (value: number): boolean => value >= 1 && value <= 4096;

/** The size in a recipe: a number, or a text such as `96x128`. */
export const imageSizeRule: OptionRule = rules.that(
  'a whole number from 1 to 4096, or height x width such as 96x128',
  value => (typeof value === 'string' ? sides.test(value) : Number.isInteger(value) && isSide(value as number)),
  {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: 4096 },
      { type: 'string', pattern: sides.source, description: 'height x width such as 96x128' },
    ],
  },
);

/** What `--size` says: one number for squares, or height x width. */
export function imageSize(given: ParsedOptions): ImageSize | undefined {
  const written = text(given, 'size');
  if (written === undefined) return undefined;
  const [height, width = height] = (sides.exec(written) ?? [])
    .slice(1)
    .filter(part => part !== undefined)
    .map(Number);
  if (height === undefined || width === undefined || !isSide(height) || !isSide(width)) {
    throw new UsageError(
      `--size is "${written}", but must be a whole number from 1 to 4096, or two of them as height x width, such as 96x128.`,
    );
  }
  return height === width ? height : [height, width];
}

/** Sides as `--size` takes them: 96, or 96x128. */
export const writtenSize = (size: ImageSize): string => (typeof size === 'number' ? String(size) : size.join('x'));

/** Sides for people: 96×96, 96×128. */
export const shownSize = (size: ImageSize): string => (typeof size === 'number' ? [size, size] : size).join('×');

/** A size of two sides, as it is kept. */
export const sizeOf = (height: number, width: number): ImageSize => (height === width ? height : [height, width]);
