import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { InvalidOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';

/**
 * How the images that a network takes are made of pixels: `(value − mean) / std` in every channel, of values from 0 to
 * 1. It belongs to the network, which was trained on such numbers and is wrong on others.
 */
export interface InputNormalization {
  /** Where it is from, for reports, such as `imagenet` or the name of a dataset. */
  readonly name?: string | undefined;
  /** Mean of each channel; a single number stands for all channels. */
  readonly mean: readonly number[];
  /** What the difference is divided by in each channel, above 0; a single number stands for all channels. */
  readonly std: readonly number[];
}

/**
 * Under this key a normalization stands in the metadata of a checkpoint and in the `userDefinedMetadata` of a
 * TensorFlow.js model, as `{ name, mean, std }`.
 */
export const normalizationKey = 'normalization';

/**
 * Refuses what is no normalization; a rule for `checkOptions`.
 *
 * @param option - Name of the option, for the message.
 * @param value - What was given.
 * @throws {@link InvalidOptionError} if mean and std are no lists of finite numbers of one length, or a std is not
 *   above 0.
 *
 * @example
 * ```ts
 * import { requireNormalization } from '@espalier/core';
 *
 * requireNormalization('normalization', { mean: [0.5], std: [0.25] });
 * ```
 */
export function requireNormalization(option: string, value: unknown): asserts value is InputNormalization {
  const { list, number, optional, text } = rules;
  checkOptions<InputNormalization>(
    value,
    { name: optional(text), mean: list(number()), std: list(number({ above: 0 })) },
    option,
  );
  const { mean, std } = value as InputNormalization;
  if (mean.length === 0 || mean.length !== std.length) {
    throw new InvalidOptionError(
      `${option}.std`,
      std,
      `as long as mean, which has ${mean.length} numbers, and not empty`,
    );
  }
}

/**
 * The normalization that metadata holds.
 *
 * @param metadata - Of a checkpoint, or the `userDefinedMetadata` of a model.
 * @returns What stands under {@link normalizationKey}, or `undefined` if there is none.
 * @throws {@link InvalidOptionError} if what stands there is no normalization.
 *
 * @example
 * ```ts
 * import { normalizationOf } from '@espalier/core';
 *
 * console.log(normalizationOf({ normalization: { name: 'own', mean: [0.5], std: [0.25] } })?.name); // own
 * ```
 */
export function normalizationOf(metadata: object | null | undefined): InputNormalization | undefined {
  const known = metadata && Object.hasOwn(metadata, normalizationKey);
  const found = known ? (metadata as { [normalizationKey]?: unknown })[normalizationKey] : undefined;
  if (found === undefined || found === null) return undefined;
  requireNormalization(`metadata.${normalizationKey}`, found);
  return found;
}

/**
 * Metadata with a normalization in it, in the place of any other.
 *
 * @param metadata - Not changed.
 * @param normalization - What to put under {@link normalizationKey}.
 * @throws {@link InvalidOptionError} if it is no normalization.
 *
 * @example
 * ```ts
 * import { type Checkpoint, namedNormalization, withNormalization } from '@espalier/core';
 *
 * export function ofImageNet(checkpoint: Checkpoint): Checkpoint {
 *   return { ...checkpoint, metadata: withNormalization(checkpoint.metadata, namedNormalization('imagenet')) };
 * }
 * ```
 */
export function withNormalization(
  metadata: Checkpoint['metadata'],
  normalization: InputNormalization,
): { readonly [key: string]: Json } {
  requireNormalization('normalization', normalization);
  const { name, mean, std } = normalization;
  const kept = { ...(name === undefined ? {} : { name }), mean: [...mean], std: [...std] };
  return { ...metadata, [normalizationKey]: kept };
}
