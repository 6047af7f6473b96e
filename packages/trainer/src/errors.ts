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

/** No loss was given, and the model's last layers do not say which one would fit. */
export class NoDefaultLossError extends EspalierError {
  override readonly name = 'NoDefaultLossError';
  readonly code = 'NO_DEFAULT_LOSS';

  /** @param found - What the model ends in, as a clause. */
  constructor(readonly found: string) {
    super(
      `There is no default loss for this model: ${found}. There is one for logits and for a softmax over two classes or more, and for a ` +
        'single unit with a sigmoid. Give the option loss: softmaxCrossEntropy(), sigmoidCrossEntropy(), meanSquaredError(), or a function of ' +
        'outputs and labels; for several outputs an object with one for each name.',
    );
  }
}

/** Accuracy cannot be told of a model's outputs, so that an evaluation needs a metric. */
export class NoAccuracyError extends EspalierError {
  override readonly name = 'NoAccuracyError';
  readonly code = 'NO_ACCURACY';

  /**
   * @param shapes - Shapes of the model's outputs, with `null` for the examples.
   * @param what - What a single output unit is, if that is the matter.
   */
  constructor(
    readonly shapes: readonly (readonly (number | null)[])[],
    what?: string,
  ) {
    super(
      `Accuracy is the fraction of examples whose largest output is the true class, and cannot be told of ${several(shapes)}` +
        `${what === undefined ? '' : ` from ${what}`}. Give the option metric, a function of outputs and labels that gives the fraction that ` +
        'is right, or metrics, such as { error: meanAbsoluteError() }; for one of several outputs { output, metric }.',
    );
  }
}

const several = (shapes: readonly (readonly (number | null)[])[]): string => {
  const shown = shapes.map(shape => `[${shape.map(side => side ?? 'examples').join(', ')}]`);
  return shown.length === 1 ? `an output of shape ${shown[0]}` : `outputs of shapes ${shown.join(', ')}`;
};

/** A batch is not what the model takes, or its labels are none of its classes. */
export class InvalidBatchError extends EspalierError {
  override readonly name = 'InvalidBatchError';
  readonly code = 'INVALID_BATCH';

  /**
   * @param where - Which batch, e.g. `batch 3`.
   * @param found - What is wrong with it, as a clause.
   */
  constructor(
    readonly where: string,
    readonly found: string,
  ) {
    super(
      `Cannot use ${where}: ${found}. A batch is { xs, ys }: inputs of the model, and for each example the index of its class or a row ` +
        'of fractions of all classes. Several inputs or outputs are arrays, or objects by their names.',
    );
  }
}
