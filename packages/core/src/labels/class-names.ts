import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { InvalidOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import { visibleText } from '../text/visible-text.js';

/**
 * Under this key the names of a network's classes stand in the metadata of a checkpoint and in the
 * `userDefinedMetadata` of a TensorFlow.js model, as an array of texts: the n-th is that of output n.
 */
export const classNamesKey = 'classNames';

/** Most classes; ImageNet's largest list has 21,841. */
const MOST = 2 ** 16;
/** Longest name, in UTF-16 code units; ImageNet's longest has 121. */
const LONGEST = 1024;

/**
 * Refuses what are no names of classes; a rule for `checkOptions`. Two classes may have the same name, as in ImageNet.
 *
 * @param option - Name of the option, for the message.
 * @param value - What was given.
 * @throws {@link InvalidOptionError} if it is no array of 1 to 65,536 texts of 1 to 1024 characters.
 *
 * @example
 * ```ts
 * import { requireClassNames } from '@espalier/core';
 *
 * requireClassNames('classNames', ['cat', 'dog']);
 * ```
 */
export function requireClassNames(option: string, value: unknown): asserts value is readonly string[] {
  const most = MOST.toLocaleString('en-US');
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST) {
    const what = Array.isArray(value) ? `${value.length} entries` : typeof value;
    throw new InvalidOptionError(option, what, `an array of 1 to ${most} names`);
  }
  const wrong = value.findIndex(name => typeof name !== 'string' || name === '' || name.length > LONGEST);
  if (wrong < 0) return;
  const name: unknown = value[wrong];
  const what = typeof name === 'string' ? visibleText(name, 40) : typeof name;
  throw new InvalidOptionError(`${option}[${wrong}]`, what, `a text of 1 to ${LONGEST} characters`);
}

/**
 * The names of the classes that metadata holds. They may come from a file of anybody: show them with
 * {@link visibleText}.
 *
 * @param metadata - Of a checkpoint, or the `userDefinedMetadata` of a model.
 * @returns What stands under {@link classNamesKey}, or `undefined` if there is none.
 * @throws {@link InvalidOptionError} if what stands there are no names of classes.
 *
 * @example
 * ```ts
 * import { classNamesOf } from '@espalier/core';
 *
 * console.log(classNamesOf({ classNames: ['cat', 'dog'] })?.[1]); // dog
 * ```
 */
export function classNamesOf(metadata: object | null | undefined): readonly string[] | undefined {
  const known = metadata && Object.hasOwn(metadata, classNamesKey);
  const found = known ? (metadata as { [classNamesKey]?: unknown })[classNamesKey] : undefined;
  if (found === undefined || found === null) return undefined;
  requireClassNames(`metadata.${classNamesKey}`, found);
  return found;
}

/**
 * Metadata with names of classes in it, in the place of any others.
 *
 * @param metadata - Not changed.
 * @param names - One for each output of the network, in their order.
 * @throws {@link InvalidOptionError} if these are no names of classes.
 *
 * @example
 * ```ts
 * import { type Checkpoint, withClassNames } from '@espalier/core';
 *
 * export function ofPets(checkpoint: Checkpoint): Checkpoint {
 *   return { ...checkpoint, metadata: withClassNames(checkpoint.metadata, ['cat', 'dog']) };
 * }
 * ```
 */
export function withClassNames(
  metadata: Checkpoint['metadata'],
  names: readonly string[],
): { readonly [key: string]: Json } {
  requireClassNames('names', names);
  return { ...metadata, [classNamesKey]: [...names] };
}
