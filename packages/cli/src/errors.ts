import { EspalierError } from '@espalier/core';

/** The command line asks for something that does not exist or does not fit together. Exit code 2. */
export class UsageError extends EspalierError {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/** A run cannot go on, because there is nothing to go on from. */
export class NothingToResumeError extends EspalierError {
  override readonly name = 'NothingToResumeError';
  readonly code = 'NOTHING_TO_RESUME';

  /** @param directory - Where checkpoints were looked for. */
  constructor(readonly directory: string) {
    super(`There is no checkpoint in ${directory}. Start the run without --resume, or name its directory with --out.`);
  }
}

/** A network and a data set do not fit together. */
export class DatasetMismatchError extends EspalierError {
  override readonly name = 'DatasetMismatchError';
  readonly code = 'DATASET_MISMATCH';

  /**
   * @param dataset - Name of the data set.
   * @param images - Shape of its images and number of its classes.
   * @param network - Shapes of the network's input and output.
   */
  constructor(dataset: string, images: string, network: string) {
    super(
      `The data set "${dataset}" has ${images}, but the network takes and gives ${network}. Choose with --dataset.`,
    );
  }
}
