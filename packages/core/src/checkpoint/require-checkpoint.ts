import { InvalidOptionError } from '../errors/option-errors.js';
import { rules } from '../options/rules.js';
import type { Checkpoint } from './checkpoint.js';

/** Parts of a checkpoint that are maps by name. */
type Maps = 'weights' | 'masks' | 'snapshots';

/**
 * Refuses what is no checkpoint at all, such as its path, its bytes, a model or a promise; whether one agrees with
 * itself is seen when it is encoded.
 *
 * @param value - What was given.
 * @param parts - What must be there of it.
 * @throws {@link InvalidOptionError} if it is something else.
 *
 * @example
 * ```ts
 * import { requireCheckpoint } from '@espalier/core';
 *
 * export function countWeights(checkpoint: unknown): number {
 *   requireCheckpoint(checkpoint);
 *   return checkpoint.weights.size;
 * }
 * ```
 */
export function requireCheckpoint(
  value: unknown,
  parts: readonly Maps[] = ['weights', 'masks'],
): asserts value is Checkpoint {
  rules.list(rules.oneOf('weights', 'masks', 'snapshots'))('parts', parts as never);
  const given = (value ?? {}) as Partial<Record<Maps, unknown>>;
  if (parts.every(part => given[part] instanceof Map)) return;
  throw new InvalidOptionError(
    'checkpoint',
    value,
    'a checkpoint, as readCheckpoint, decodeCheckpoint or PruningSession.checkpoint gives it',
  );
}
