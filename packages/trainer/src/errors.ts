import { EspalierError } from '@espalier/core';

/** The loss, or a weight about to be saved, is no longer a finite number. The last checkpoint is left as it was. */
export class DivergedError extends EspalierError {
  override readonly name = 'DivergedError';
  readonly code = 'DIVERGED';

  /**
   * @param step - Step at which it showed, as {@link Clock.step} counts.
   * @param what - What is not finite, e.g. `the loss is NaN`.
   * @param options - The error that gave it away, if one did, as `cause`.
   */
  constructor(
    readonly step: number,
    what: string,
    options?: ErrorOptions,
  ) {
    super(
      `Training diverged at step ${step}: ${what}. Nothing was saved after that; resume from the last checkpoint with a ` +
        'lower learning rate or a longer warm-up.',
      options,
    );
  }
}

/** A run took more steps than its cap allows, because the method keeps rewinding. */
export class StepLimitError extends EspalierError {
  override readonly name = 'StepLimitError';
  readonly code = 'STEP_LIMIT';

  /**
   * @param limit - The cap, in steps.
   * @param position - Position that was reached.
   * @param steps - Position at which the run would have ended.
   */
  constructor(
    readonly limit: number,
    readonly position: number,
    readonly steps: number,
  ) {
    super(
      `The run took ${limit} steps and stands at position ${position} of ${steps}. A method that rewinds takes more steps ` +
        'than positions: if that is wanted, raise the option maximumSteps.',
    );
  }
}
