import { EspalierError } from './espalier-error.js';

/** A file is not a checkpoint, is damaged, or contradicts itself. */
export class CorruptCheckpointError extends EspalierError {
  override readonly name = 'CorruptCheckpointError';
  readonly code = 'CORRUPT_CHECKPOINT';
  /**
   * The limit that the file is over, such as `decodedBytes`; it may be sound then. `undefined` if something else is
   * wrong.
   */
  readonly limit: string | undefined;

  /**
   * @param reason - What is wrong and where, as a sentence.
   * @param options - The cause, and the limit that was reached.
   */
  constructor(
    readonly reason: string,
    options?: ErrorOptions & { readonly limit?: string | undefined },
  ) {
    super(`This is not a usable checkpoint. ${reason}`, options);
    this.limit = options?.limit;
  }
}

/** A checkpoint is sound, but does not belong to this model, method or optimizer. */
export class CheckpointMismatchError extends EspalierError {
  override readonly name = 'CheckpointMismatchError';
  readonly code = 'CHECKPOINT_MISMATCH';

  /** @param reason - What does not fit, and what to do, in full sentences. */
  constructor(reason: string) {
    super(`The checkpoint does not fit. ${reason}`);
  }
}
