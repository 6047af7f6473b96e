import { EspalierError } from '../errors/espalier-error.js';

/** Two weights of a model have the same stable name, so masks and checkpoints could not tell them apart. */
export class DuplicateWeightError extends EspalierError {
  override readonly name = 'DuplicateWeightError';
  readonly code = 'DUPLICATE_WEIGHT';

  /** @param weight - The name that occurs twice. */
  constructor(readonly weight: string) {
    super(
      `Two weights are called "${weight}". Give every layer a name of its own, e.g. tf.layers.dense({ name: 'head', … }); ` +
        'nested models must not reuse the layer names of the model around them.',
    );
  }
}

/** Something is not a model whose weights could be trained. */
export class InvalidModelError extends EspalierError {
  override readonly name = 'InvalidModelError';
  readonly code = 'INVALID_MODEL';

  /** @param reason - What it is instead, and what to do, in full sentences. */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`This is not a LayersModel whose weights could be trained. ${reason}`, options);
  }
}

/** A session was used after `dispose`. */
export class SessionDisposedError extends EspalierError {
  override readonly name = 'SessionDisposedError';
  readonly code = 'SESSION_DISPOSED';

  constructor() {
    super('The session was disposed. Start a new one, or resume from a checkpoint that was taken before.');
  }
}

/**
 * `fit` trained a batch with another optimizer than the session's, so nothing was masked and the method was not asked.
 */
export class OptimizerNotUsedError extends EspalierError {
  override readonly name = 'OptimizerNotUsedError';
  readonly code = 'OPTIMIZER_NOT_USED';

  constructor() {
    super(
      'A batch of fit ended without a step of the session, which therefore prunes nothing. Compile the model that the ' +
        'session was started for with its optimizer, model.compile({ optimizer: session.optimizer, … }), and pass the ' +
        'callback of the same session to fit.',
    );
  }
}
