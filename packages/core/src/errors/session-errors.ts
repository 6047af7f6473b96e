import { EspalierError } from './espalier-error.js';

/** The optimizer cannot be wrapped; says why and which one can. */
export class UnsupportedOptimizerError extends EspalierError {
  override readonly name = 'UnsupportedOptimizerError';
  readonly code = 'UNSUPPORTED_OPTIMIZER';

  /**
   * @param optimizer - Class name of the optimizer.
   * @param reason - Why not, and what to use instead, in full sentences.
   */
  constructor(
    readonly optimizer: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`The optimizer ${optimizer} cannot be used for pruning. ${reason}`, options);
  }
}

/** A step began before the last one was settled. */
export class StepNotSettledError extends EspalierError {
  override readonly name = 'StepNotSettledError';
  readonly code = 'STEP_NOT_SETTLED';

  constructor() {
    super(
      'The last step is not settled yet. Pass session.callback to model.fit, or await session.settle() after each ' +
        'optimizer.minimize; session.step does both.',
    );
  }
}

/** A method observes per-example gradients, and the session has no per-example losses. */
export class MissingExampleLossesError extends EspalierError {
  override readonly name = 'MissingExampleLossesError';
  readonly code = 'MISSING_EXAMPLE_LOSSES';

  /** @param method - Name of the method that asked. */
  constructor(readonly method: string) {
    super(`The method "${method}" needs per-example gradients. Pass the session option exampleLosses.`);
  }
}

/**
 * A method broke its contract: a mask that is not 0/1, a snapshot that was never taken, weights that are not finite.
 */
export class InvalidDecisionError extends EspalierError {
  override readonly name = 'InvalidDecisionError';
  readonly code = 'INVALID_DECISION';

  /**
   * @param method - Name of the method.
   * @param reason - What is wrong with its decision, as a sentence.
   */
  constructor(
    readonly method: string,
    reason: string,
  ) {
    super(`The method "${method}" returned a decision that cannot be carried out. ${reason}`);
  }
}

/** The gradients that reached the optimizer are not those of the session's trainable weights. */
export class TrainableSetChangedError extends EspalierError {
  override readonly name = 'TrainableSetChangedError';
  readonly code = 'TRAINABLE_SET_CHANGED';

  /** @param reason - Which weights are missing or unexpected, and what to do, in full sentences. */
  constructor(reason: string) {
    super(`The set of trained weights is not the session's. ${reason}`);
  }
}
