import { EspalierError } from '@espalier/core';

/** The description of a layer whose training products were asked for contradicts itself. */
export class InvalidTrainingLayerError extends EspalierError {
  override readonly name = 'InvalidTrainingLayerError';
  readonly code = 'INVALID_TRAINING_LAYER';

  /** @param reason - What is wrong and what would be right, in full sentences. */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`There are no training products of such a layer. ${reason}`, options);
  }
}

/** Training products were used after they were disposed of. */
export class TrainingProductsDisposedError extends EspalierError {
  override readonly name = 'TrainingProductsDisposedError';
  readonly code = 'TRAINING_PRODUCTS_DISPOSED';

  constructor() {
    super(
      'These training products were disposed of, so they have no memory any more. Make them anew, or dispose later.',
    );
  }
}
