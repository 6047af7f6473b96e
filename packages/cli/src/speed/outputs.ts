import { OutputsDisagreeError } from '../errors.js';
import type { Candidate } from './candidates/candidate.js';
import { relativeDifference } from './numbers.js';

/** Kernels add in different orders; rounding alone stays far below this fraction of the largest output. */
const TOLERANCE = 1e-3;

/**
 * How much the outputs of each candidate differ from those of the first.
 *
 * @throws {@link OutputsDisagreeError} if it is more than rounding explains.
 */
export async function compareOutputs(candidates: readonly Candidate[]): Promise<number[]> {
  const [first, ...others] = candidates;
  const expected = await first?.run();
  if (first === undefined || expected === undefined) return [];
  const differences = [0];
  for (const other of others) {
    const difference = relativeDifference(await other.run(), expected);
    if (difference > TOLERANCE) throw new OutputsDisagreeError(other.name, first.name, difference, TOLERANCE);
    differences.push(difference);
  }
  return differences;
}
