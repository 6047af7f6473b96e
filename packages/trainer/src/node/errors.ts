import { EspalierError } from '@espalier/core';

/** A run would save into a directory where another run has already come further. */
export class LaterCheckpointError extends EspalierError {
  override readonly name = 'LaterCheckpointError';
  readonly code = 'LATER_CHECKPOINT';

  /**
   * @param path - The later checkpoint.
   * @param step - Step of the checkpoint that was to be saved.
   */
  constructor(
    readonly path: string,
    readonly step: number,
  ) {
    super(
      `Not saving step ${step}: ${path} is of a later step. Resume from it, save into another directory, or remove the ` +
        'checkpoints of the run that you give up.',
    );
  }
}
