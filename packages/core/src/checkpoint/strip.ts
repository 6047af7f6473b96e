import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';
import type { Checkpoint } from './checkpoint.js';
import { withoutReparameterization } from './reparameterization/reparameterization.js';
import { requireCheckpoint } from './require-checkpoint.js';

/** What {@link stripCheckpoint} drops. */
export interface StripOptions {
  /**
   * Drop the optimizer and its slots: training can go on from the weights, but no longer bit for bit. Sums of gradients
   * and what was trained beneath the weights go too, and zeros that a {@link Reparameterization} made become masked, as
   * if it were baked.
   *
   * @defaultValue true
   */
  readonly slots?: boolean | undefined;
  /**
   * Drop the snapshots: a method that rewinds can no longer do so.
   *
   * @defaultValue true
   */
  readonly snapshots?: boolean | undefined;
}

/**
 * The checkpoint without what only continued training needs. Masks, weights, clock, method and metadata stay; a
 * reparameterization and sums of gradients go with the slots.
 *
 * @param checkpoint - Not modified; the result shares its arrays.
 * @param options - What to drop; everything by default.
 *
 * @example Publish the sparse weights alone.
 * ```ts
 * import { type Checkpoint, encodeCheckpoint, stripCheckpoint } from '@espalier/core';
 *
 * export const toPublish = (checkpoint: Checkpoint): Uint8Array => encodeCheckpoint(stripCheckpoint(checkpoint));
 * ```
 */
export function stripCheckpoint(checkpoint: Checkpoint, options: StripOptions = {}): Checkpoint {
  requireCheckpoint(checkpoint);
  checkOptions<StripOptions>(options, {
    slots: rules.optional(rules.boolean),
    snapshots: rules.optional(rules.boolean),
  });
  const { slots = true, snapshots = true } = options;
  return {
    ...(slots ? withoutReparameterization(withoutSums(checkpoint)) : checkpoint),
    ...(slots ? { slots: [], optimizer: null } : {}),
    ...(snapshots ? { snapshots: new Map() } : {}),
  };
}

function withoutSums({ sums: _, ...rest }: Checkpoint): Checkpoint {
  return rest;
}
