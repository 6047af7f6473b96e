import { HeapFullError } from '../errors.js';

/**
 * What `act` gives, or undefined if memory does not suffice for it: timing takes more than running, and a network that
 * can be run must not be refused for being tuned.
 */
export function unlessFull<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof HeapFullError) return undefined;
    throw error;
  }
}
