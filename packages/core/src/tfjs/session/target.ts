import { SparsityNotReachedError } from '../../errors/method-errors.js';
import type { Clock } from '../../method/clock.js';
import type { SparsityTarget } from '../../method/pruning-method.js';

/** What the promise of a method is held against: a session. */
export interface Promising {
  readonly method: { readonly target?: SparsityTarget | undefined };
  readonly masks: ReadonlyMap<string, Uint8Array>;
  readonly sparsity: number;
  readonly clock: Clock;
}

/**
 * Throws if a run is short of what its method promised. Counts are whole numbers, so every layer may keep up to one
 * entry more than the promise says.
 */
export function requireTarget({ method, masks, sparsity, clock }: Promising): void {
  const { target } = method;
  if (!target || target.sparsity === 0) return;
  const entries = [...masks.values()].reduce((total, mask) => total + mask.length, 0);
  if (entries > 0 && sparsity + masks.size / entries >= target.sparsity) return;
  throw new SparsityNotReachedError(sparsity, target.sparsity, target.position, clock.position);
}
