/**
 * What both protocols set alike: SGD with momentum at a learning rate that falls in steps; the defaults are the
 * study's.
 */
export interface TransferTrainingOptions {
  /**
   * Passes over the training examples, at least 1.
   *
   * @defaultValue 150
   */
  readonly epochs?: number | undefined;
  /**
   * Indices of the epochs, from 0, after which the learning rate falls to a tenth.
   *
   * @defaultValue [50, 100], so 51, 50 and 49 epochs at the three rates
   */
  readonly dropAfter?: readonly number[] | undefined;
  /**
   * Momentum of SGD, in [0, 1).
   *
   * @defaultValue 0.9
   */
  readonly momentum?: number | undefined;
  /**
   * Weight decay of all trained weights, biases and normalization included, as PyTorch has it, at least 0.
   *
   * @defaultValue 0.0005
   */
  readonly weightDecay?: number | undefined;
  /**
   * Epochs from one scoring on the test set to the next; the last epoch is always scored.
   *
   * @defaultValue 1
   */
  readonly evaluateEvery?: number | undefined;
}

/** {@link TransferTrainingOptions} with nothing left to default. */
export type TrainingSettings = {
  readonly [Key in keyof TransferTrainingOptions]-?: NonNullable<TransferTrainingOptions[Key]>;
};

export const trainingDefaults: TrainingSettings = {
  epochs: 150,
  dropAfter: [50, 100],
  momentum: 0.9,
  weightDecay: 5e-4,
  evaluateEvery: 1,
};
