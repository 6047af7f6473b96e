import { EspalierError } from '@espalier/core';

/** Partitions that do not fit the model: a layer in none or in two of them, an empty one, or an unknown name. */
export class PartitionError extends EspalierError {
  override readonly name = 'PartitionError';
  readonly code = 'INVALID_PARTITION';

  /**
   * @param rule - Name of the rule that made the partitions, e.g. `contiguous(4)`.
   * @param reason - What does not fit, and what to do, in full sentences.
   */
  constructor(
    readonly rule: string,
    reason: string,
  ) {
    super(`The partitions of ${rule || 'an unnamed rule'} do not fit the model. ${reason}`);
  }
}
