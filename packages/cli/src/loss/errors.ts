import { EspalierError } from '@espalier/core';

/** A module of `--loss` or `--metric` gives no function that can be used. */
export class OwnFunctionError extends EspalierError {
  override readonly name = 'OwnFunctionError';
  readonly code = 'OWN_FUNCTION';

  /**
   * @param option - Where it was named: `--loss` or `--metric`.
   * @param reference - The module, with `#name` if that was written.
   * @param reason - What is wrong with it, and the remedy, in sentences.
   * @param options - The error behind it, if there is one.
   */
  constructor(
    readonly option: string,
    readonly reference: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${option} ${reference}: ${reason}`, options);
  }
}

/** A loss or a metric does not fit what a network puts out, or the labels. */
export class OutputMismatchError extends EspalierError {
  override readonly name = 'OutputMismatchError';
  readonly code = 'OUTPUT_MISMATCH';

  /**
   * @param option - The option with its value, such as `--loss cross-entropy`.
   * @param found - What is in its way, a clause.
   * @param remedy - What to do, a sentence.
   */
  constructor(
    readonly option: string,
    found: string,
    remedy: string,
  ) {
    super(`${option} does not fit: ${found}. ${remedy}`);
  }
}
