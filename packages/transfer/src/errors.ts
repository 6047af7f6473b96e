import { EspalierError } from '@espalier/core';

/** Results that a comparison needs are not among those that were given. */
export class IncompleteStudyError extends EspalierError {
  override readonly name = 'IncompleteStudyError';
  readonly code = 'INCOMPLETE_STUDY';

  /**
   * @param missing - What is not there, as a noun phrase, e.g. `the baseline "dense" of task "dtd" (linear)`.
   */
  constructor(readonly missing: string) {
    super(`The study lacks ${missing}. Run it, or leave out the results that are to be compared with it.`);
  }
}

/** A relative change against zero was asked for: the baseline makes no error on a task, or only errors. */
export class UndefinedChangeError extends EspalierError {
  override readonly name = 'UndefinedChangeError';
  readonly code = 'UNDEFINED_CHANGE';

  /**
   * @param task - Name of the task.
   * @param accuracy - Accuracy of the baseline, 0 or 1.
   */
  constructor(
    readonly task: string,
    readonly accuracy: number,
  ) {
    super(
      `The baseline has accuracy ${accuracy} on "${task}", so no change can be told relative to its ` +
        `${accuracy === 1 ? 'error' : 'accuracy'}. Leave the task out of the aggregate.`,
    );
  }
}

/** A network has no classifier that could be replaced. */
export class NoClassifierError extends EspalierError {
  override readonly name = 'NoClassifierError';
  readonly code = 'NO_CLASSIFIER';

  /**
   * @param model - Name of the network.
   * @param reason - Why there is none, as a clause.
   */
  constructor(
    readonly model: string,
    readonly reason: string,
  ) {
    super(
      `The network "${model}" has no classifier that can be told: ${reason}. A classifier is a dense layer, or a 1x1 convolution that is ` +
        'averaged over all places, that is used once; layers without weights may follow. Name the layer whose output the features are ' +
        'with the option featureLayer, or say with the option head that there is none ("none"): then the output is the features.',
    );
  }
}

/** A network to be fine-tuned with fixed masks has no zeros: it would be an ordinary dense network throughout. */
export class DenseCheckpointError extends EspalierError {
  override readonly name = 'DenseCheckpointError';
  readonly code = 'DENSE_CHECKPOINT';

  constructor() {
    super(
      'Nothing is pruned: the checkpoint has no masked entry, and no prunable weight holds a zero. If masks were stored apart from ' +
        'the weights, apply them first; to fine-tune the dense baseline, set the option allowDense.',
    );
  }
}

/** Fine-tuning changed a mask or revived a masked entry, which must not happen; the result is not to be trusted. */
export class MasksChangedError extends EspalierError {
  override readonly name = 'MasksChangedError';
  readonly code = 'MASKS_CHANGED';

  /**
   * @param weight - Name of the weight.
   * @param seed - Seed of the run.
   */
  constructor(
    readonly weight: string,
    readonly seed: number,
  ) {
    super(`The mask of "${weight}" is not what it was before fine-tuning (seed ${seed}). Please report this as a bug.`);
  }
}
