import { EspalierError } from './espalier-error.js';

/** A score is NaN, so the entries of a layer cannot be ranked. */
export class NonFiniteScoreError extends EspalierError {
  override readonly name = 'NonFiniteScoreError';
  readonly code = 'NON_FINITE_SCORE';

  /**
   * @param layer - Name of the layer, or the empty string where scores came without one.
   * @param index - Row-major index of the first NaN.
   */
  constructor(
    readonly layer: string,
    readonly index: number,
  ) {
    super(
      `Score ${index}${layer ? ` of "${layer}"` : ''} is NaN, so nothing can be ranked. The weights have most likely ` +
        'diverged before this pruning step: lower the learning rate, or look at the loss before it.',
    );
  }
}

/** A distribution asks for something impossible, e.g. fewer active entries than there are layers. */
export class InfeasibleDistributionError extends EspalierError {
  override readonly name = 'InfeasibleDistributionError';
  readonly code = 'INFEASIBLE_DISTRIBUTION';

  /**
   * @param distribution - Name of the distribution.
   * @param reason - Why its target cannot be met, as a sentence.
   */
  constructor(
    readonly distribution: string,
    reason: string,
  ) {
    super(`The distribution "${distribution}" cannot reach its target. ${reason}`);
  }
}

/** A layer cannot have the structure asked for, e.g. 2:4 with three input channels. */
export class StructureMismatchError extends EspalierError {
  override readonly name = 'StructureMismatchError';
  readonly code = 'STRUCTURE_MISMATCH';

  /**
   * @param structure - Name of the structure, e.g. `2:4`.
   * @param layer - Name of the layer, or the empty string where scores came without one.
   * @param reason - Why it cannot, and what to do, in full sentences.
   */
  constructor(
    readonly structure: string,
    readonly layer: string,
    reason: string,
  ) {
    super(`${layer ? `"${layer}"` : 'A layer'} cannot have the structure ${structure}. ${reason}`);
  }
}

/** A run is too short for the sparsity that its method promises, or ended without it. */
export class SparsityNotReachedError extends EspalierError {
  override readonly name = 'SparsityNotReachedError';
  readonly code = 'SPARSITY_NOT_REACHED';

  /**
   * @param reached - Overall sparsity at the end, or so far if the run has not begun.
   * @param promised - Overall sparsity promised.
   * @param position - Position at which it was promised.
   * @param end - Position at which the run ended, or would end.
   * @param when - Whether the steps were taken (`after`) or are only planned (`before`).
   */
  constructor(
    readonly reached: number,
    readonly promised: number,
    readonly position: number,
    readonly end: number,
    when: 'before' | 'after' = 'after',
  ) {
    super(when === 'before' ? tooShort(promised, position, end) : missed(reached, promised, position, end));
  }
}

function tooShort(promised: number, position: number, end: number): string {
  return (
    `A run of ${end} steps is too short: the method reaches its sparsity ${promised} with the step at position ${position}. ` +
    `Nothing was trained. Train for at least ${position + 1} steps, or let the method's cadence end earlier.`
  );
}

function missed(reached: number, promised: number, position: number, end: number): string {
  const remedy =
    end > position
      ? 'The method did not keep its promise: look at its options, and at masks that were given to the session.'
      : `Train on to at least ${position + 1} steps, or let the method's cadence end earlier.`;
  return (
    `The run ended at position ${end} with sparsity ${reached}, but the method promised ${promised} with the step at position ` +
    `${position}. ${remedy}`
  );
}
