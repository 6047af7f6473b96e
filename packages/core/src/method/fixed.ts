import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';
import type { PruningMethod } from './pruning-method.js';

/** Options of {@link fixed}. */
export interface FixedOptions {
  /** Masks by weight name; layers that are not named keep the session's. */
  readonly masks?: ReadonlyMap<string, Uint8Array> | undefined;
}

/**
 * Masks that never change: fine-tuning of a sparse checkpoint, or plain dense training through a session.
 *
 * The masks come from the option here, or from the session option of the same name; without either nothing is masked
 * and the session trains exactly as its optimizer alone would.
 *
 * @param options - The masks, if the session does not bring them.
 * @returns A method that observes nothing.
 *
 * @example Keep entry 0 and 3 of one layer.
 * ```ts
 * import { fixed } from '@espalier/core';
 *
 * const method = fixed({ masks: new Map([['head/kernel', Uint8Array.of(1, 0, 0, 1)]]) });
 * method.plan({ step: 0, position: 0, round: 0 }, null); // {}: an ordinary masked step
 * ```
 */
export function fixed(options: FixedOptions = {}): PruningMethod<null> {
  checkOptions<FixedOptions>(options, { masks: rules.optional(rules.that('a Map of masks by layer', isMaskMap)) });
  const { masks } = options;
  return {
    specification: 'v1',
    name: 'fixed',
    citation: 'none',
    options: {},
    prunes: false,
    start: () => (masks ? { state: null, masks } : { state: null }),
    plan: () => ({}),
    decide: () => ({ state: null }),
  };
}

function isMaskMap(value: unknown): boolean {
  return value instanceof Map && [...value.values()].every(mask => mask instanceof Uint8Array);
}
