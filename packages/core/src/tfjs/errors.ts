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

/** A session was used after `dispose`. */
export class SessionDisposedError extends EspalierError {
  override readonly name = 'SessionDisposedError';
  readonly code = 'SESSION_DISPOSED';

  constructor() {
    super('The session was disposed. Start a new one, or resume from a checkpoint that was taken before.');
  }
}
