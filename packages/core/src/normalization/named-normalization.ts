import { InvalidOptionError } from '../errors/option-errors.js';
import { rules } from '../options/rules.js';
import { type InputNormalization, requireNormalization } from './normalization.js';

const all = (mean: number, std: number): Omit<InputNormalization, 'name'> => ({ mean: [mean], std: [std] });

const named: ReadonlyMap<string, Omit<InputNormalization, 'name'>> = new Map([
  ['imagenet', { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }],
  ['minus-one-to-one', all(0.5, 0.5)],
  ['efficientnet-lite', all(127 / 255, 128 / 255)],
  ['zero-to-one', all(0, 1)],
  ['none', all(0, 1 / 255)],
]);

/** Names of the normalizations that {@link namedNormalization} knows. */
export const normalizationNames: readonly string[] = [...named.keys()];

/**
 * A normalization by name, or written out as `mean,…/std,…`.
 *
 * With pixels from 0 to 255:
 *
 * - `imagenet`: the means and deviations of ImageNet's three channels, as torchvision has them;
 * - `minus-one-to-one`: `pixel / 127.5 − 1`, as Keras has it for MobileNet, Inception and Xception;
 * - `efficientnet-lite`: `(pixel − 127) / 128`;
 * - `zero-to-one`: `pixel / 255`;
 * - `none`: the pixels as they are, 0 to 255;
 * - `0.49,0.48,0.45/0.25,0.24,0.26`: numbers of each channel, for values from 0 to 1; one number stands for all
 *   channels.
 *
 * @param text - One of these.
 * @throws {@link InvalidOptionError} if it is none of them, a deviation is not above 0, or a mean is outside [0, 1].
 *
 * @example
 * ```ts
 * import { namedNormalization } from '@espalier/core';
 *
 * console.log(namedNormalization('minus-one-to-one')); // { name: 'minus-one-to-one', mean: [0.5], std: [0.5] }
 * console.log(namedNormalization('0.1/0.3').std); // [0.3]
 * ```
 */
export function namedNormalization(text: string): InputNormalization {
  const known = named.get(text);
  if (known) return { name: text, ...known };
  const refuse = (expected: string): never => {
    throw new InvalidOptionError('normalization', text, expected);
  };
  const parts = typeof text === 'string' ? text.split('/') : [];
  if (parts.length !== 2) {
    return refuse(
      `one of ${normalizationNames.join(', ')}, or numbers as mean,…/std,… such as 0.5,0.5,0.5/0.25,0.25,0.25`,
    );
  }
  const [mean = [], std = []] = parts.map(part =>
    part.split(',').map(number => (number.trim() ? Number(number) : NaN)),
  );
  if (mean.length !== std.length) refuse('as many deviations as means');
  if (!mean.every(value => value >= 0 && value <= 1)) {
    refuse('means from 0 to 1, since they are of values from 0 to 1 (divide those of pixels by 255)');
  }
  if (!std.every(value => value > 0 && Number.isFinite(value))) refuse('deviations above 0');
  return { name: text, mean, std };
}

/**
 * A normalization with a number for every channel.
 *
 * @param normalization - With one number, or one for each channel.
 * @param channels - Number of channels, at least 1.
 * @throws {@link InvalidOptionError} if it is no normalization, or there are numbers for another number of channels.
 *
 * @example
 * ```ts
 * import { namedNormalization, normalizationFor } from '@espalier/core';
 *
 * console.log(normalizationFor(namedNormalization('zero-to-one'), 3).mean); // [0, 0, 0]
 * ```
 */
export function normalizationFor(normalization: InputNormalization, channels: number): InputNormalization {
  requireNormalization('normalization', normalization);
  rules.integer({ from: 1 })('channels', channels as never);
  const { mean, std } = normalization;
  if (mean.length === channels) return normalization;
  if (mean.length !== 1) {
    const value = `of ${mean.length} channels`;
    throw new InvalidOptionError(
      'normalization',
      value,
      `of the ${channels} channels that the network takes, or of one for all`,
    );
  }
  const spread = ([value = 0]: readonly number[]): number[] => Array.from({ length: channels }, () => value);
  return { ...normalization, mean: spread(mean), std: spread(std) };
}
