import { checkOptions, type Json, type OptionRules, rules } from '@espalier/core';
import {
  type FitRule,
  fitImage,
  fitRules,
  type ImageSize,
  type ImageTransform,
  type Interpolation,
} from '@espalier/datasets';
import { UsageError } from '../errors.js';

/** How images of any shape become what a network takes. */
export interface ImageFit {
  readonly size: ImageSize;
  readonly rule: FitRule;
  /** For `crop`, the shorter side before the middle is cut out; of unequal sides, of a rectangle of their shape. */
  readonly resize?: number | undefined;
  readonly interpolation: Interpolation;
}

/** Side of the images of a network that takes any. */
export const usualSize = 64;

const { integer, oneOf, optional, that } = rules;
const isSide = (side: unknown): boolean =>
  Number.isSafeInteger(side) && (side as number) >= 1 && (side as number) <= 4096;
const isSize = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 2 && value.every(isSide) && value[0] !== value[1] : isSide(value);

export const imageFitRules: OptionRules<ImageFit> = {
  size: that('a whole number from 1 to 4096, or two unequal ones', isSize),
  rule: oneOf(...fitRules),
  resize: optional(integer({ from: 1, to: 4096 })),
  interpolation: oneOf('bilinear', 'bicubic'),
};

/** The transform of images to test on and to judge. */
export const transformOf = (fit: ImageFit): ImageTransform => fitImage(fit);

/** Key of a checkpoint's metadata under which the fit of its network's images stands. */
const KEY = 'images';

/** Metadata with the fit in it. */
export function withImageFit(
  metadata: { readonly [key: string]: Json },
  { size, rule, resize, interpolation }: ImageFit,
): { readonly [key: string]: Json } {
  const plain = typeof size === 'number' ? size : [...size];
  return { ...metadata, [KEY]: { size: plain, rule, ...(resize === undefined ? {} : { resize }), interpolation } };
}

/**
 * The fit that a checkpoint's metadata holds, if any.
 *
 * @throws {@link InvalidOptionError} if what stands there is none.
 */
export function imageFitOf(metadata: { readonly [key: string]: Json } | undefined): ImageFit | undefined {
  const found = metadata?.[KEY];
  if (found === undefined || found === null) return undefined;
  checkOptions<ImageFit>(found, imageFitRules, `metadata.${KEY}`);
  transformOf(found);
  return found;
}

/** What `--resize` says: the name of a rule, or `crop:N`. */
export function fitRuleOf(written: string): Pick<ImageFit, 'rule' | 'resize'> {
  const rule = fitRules.find(known => known === written);
  if (rule) return { rule };
  const side = /^crop:([1-9]\d{0,3})$/.exec(written)?.[1];
  if (side !== undefined) return { rule: 'crop', resize: Number(side) };
  throw new UsageError(`--resize is "${written}", but must be ${fitRules.join(', ')}, or crop:N such as crop:73.`);
}
