import { EspalierError } from '@espalier/core';

export { UsageError } from '@espalier/core/node';

/** How to go on with what is no checkpoint. */
export const networksFromElsewhere: string =
  'Networks of other programs are taken as a .h5 or .keras file, a model.json, an .onnx file (torch.onnx.export), or a module that exports one: see "Networks from ' +
  'elsewhere" in the README of @espalier/cli.';

/** A run cannot go on, because there is nothing to go on from. */
export class NothingToResumeError extends EspalierError {
  override readonly name = 'NothingToResumeError';
  readonly code = 'NOTHING_TO_RESUME';

  /** @param directory - Where checkpoints were looked for. */
  constructor(readonly directory: string) {
    super(`There is no checkpoint in ${directory}. Start the run without --resume, or name its directory with --out.`);
  }
}

/** A directory was named in place of a checkpoint, and there is none in it, or more than one that might be meant. */
export class NoCheckpointError extends EspalierError {
  override readonly name = 'NoCheckpointError';
  readonly code = 'NO_CHECKPOINT';

  /**
   * @param directory - What was named.
   * @param files - Files in it that may be checkpoints.
   * @param runs - Directories in it that hold a finished network.
   * @param all - Names of everything in it.
   */
  constructor(
    readonly directory: string,
    files: readonly string[],
    runs: readonly string[],
    all: readonly string[],
  ) {
    super(
      files.length > 0
        ? `${directory} holds ${files.length} files that may be meant: ${few(files)}. Name one of them.`
        : runs.length > 0
          ? `${directory} holds no checkpoint itself. Name one of the runs in it: ${few(runs)}.`
          : `There is no checkpoint in ${directory}, which ${all.length === 0 ? 'is empty' : `holds ${few(all)}`}. Name a file that ` +
            `train, prune or session.checkpoint made, or the directory of such a run. ${networksFromElsewhere}`,
    );
  }
}

/** The first of many names. */
function few(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

/** A network and a dataset do not fit together. */
export class DatasetMismatchError extends EspalierError {
  override readonly name = 'DatasetMismatchError';
  readonly code = 'DATASET_MISMATCH';

  /**
   * @param dataset - Name of the dataset.
   * @param images - Shape of its images and number of its classes.
   * @param network - Shapes of the network's input and output.
   */
  constructor(dataset: string, images: string, network: string) {
    super(
      `The dataset "${dataset}" has ${images}, but the network takes and gives ${network}. Choose with --dataset, or name images of your own with --data.`,
    );
  }
}

/** Images of one's own have classes that a network does not tell apart. */
export class ClassesMismatchError extends EspalierError {
  override readonly name = 'ClassesMismatchError';
  readonly code = 'CLASSES_MISMATCH';

  /**
   * @param data - Folder, table or archive of the images.
   * @param problem - Which class it is, a sentence without its full stop.
   * @param options - The error behind it.
   */
  constructor(
    readonly data: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(
      `${data}: ${problem} that the network tells apart. Give images of its classes, or train the network for other classes: ` +
        '--model takes its file and gives it a new classifier.',
      options,
    );
  }
}

/** The images of a run are not those any more that it was started with. */
export class DataChangedError extends EspalierError {
  override readonly name = 'DataChangedError';
  readonly code = 'DATA_CHANGED';

  /**
   * @param data - Folder, table or archive of the images.
   * @param options - The error behind it, if nothing is there any more.
   */
  constructor(
    readonly data: string,
    options?: ErrorOptions,
  ) {
    const found =
      options?.cause === undefined
        ? 'its images are not those that the run was started with, by their names, classes and number'
        : 'the images that the run was started with are not there any more';
    super(
      `${data}: ${found}, so that it would not go on as it began. Bring them back, name the place where they are with --data, or ` +
        'start a new run with another --out.',
      options,
    );
  }
}

/** Two ways to run the same network give different outputs, so that their speeds must not be compared. */
export class OutputsDisagreeError extends EspalierError {
  override readonly name = 'OutputsDisagreeError';
  readonly code = 'OUTPUTS_DISAGREE';

  /**
   * @param one - Name of a candidate.
   * @param other - Name of the one it was compared with.
   * @param difference - Largest difference as a fraction of the largest output.
   * @param allowed - The most that rounding explains.
   */
  constructor(
    one: string,
    other: string,
    readonly difference: number,
    allowed: number,
  ) {
    super(
      `The outputs of ${one} and ${other} differ by ${difference.toPrecision(2)} of the largest output, more than ${allowed}: ` +
        'one of them is wrong, so no speed is given. If the weights are finite, please report this with the checkpoint.',
    );
  }
}

/** TensorFlow.js cannot start its WebAssembly backend here. */
export class TfjsUnavailableError extends EspalierError {
  override readonly name = 'TfjsUnavailableError';
  readonly code = 'TFJS_UNAVAILABLE';

  constructor() {
    super('The WebAssembly backend of TensorFlow.js cannot be started. Install @tensorflow/tfjs-backend-wasm anew.');
  }
}
