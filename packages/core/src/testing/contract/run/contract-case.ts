import { EspalierError } from '../../../errors/espalier-error.js';

/** One check of a contract, for any test runner. */
export interface ContractCase {
  /** A sentence that is true if the check passes. */
  readonly name: string;
  /** Rejects with {@link ContractViolationError} if the contract is broken, or with whatever the method threw. */
  readonly run: () => Promise<void>;
  /** Why the check cannot run here, e.g. because the backend lacks a kernel; absent or undefined: it can. */
  readonly unavailable?: () => string | undefined;
}

/** A method, optimizer or backend breaks the contract. */
export class ContractViolationError extends EspalierError {
  override readonly name = 'ContractViolationError';
  readonly code = 'CONTRACT_VIOLATION';

  /** @param reason - What was expected, what was found, and where, as a sentence. */
  constructor(reason: string) {
    super(`The contract is broken. ${reason}`);
  }
}

/** Throws unless the condition holds. */
export function requireThat(condition: boolean, reason: () => string): asserts condition {
  if (!condition) throw new ContractViolationError(reason());
}
