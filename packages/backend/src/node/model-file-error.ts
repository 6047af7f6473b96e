import { EspalierError } from '@espalier/core';

/**
 * What is wrong with a model on disk:
 * `MODEL_NOT_FOUND` a file is missing, `MODEL_MALFORMED` `model.json` is not what it should be, `MODEL_PATH_UNSAFE` it
 * names a weight file outside its directory, `MODEL_WEIGHTS_SIZE` the weight files hold fewer or more bytes than the
 * weights need, `MODEL_NOT_SAVEABLE` the model in memory cannot be written in this format.
 */
export type ModelFileErrorCode =
  | 'MODEL_NOT_FOUND'
  | 'MODEL_MALFORMED'
  | 'MODEL_PATH_UNSAFE'
  | 'MODEL_WEIGHTS_SIZE'
  | 'MODEL_NOT_SAVEABLE';

/**
 * A model cannot be read from or written to disk; nothing was changed on disk.
 *
 * @example Tell a missing model from a damaged one.
 * ```ts
 * import { loadLayersModel } from '@tensorflow/tfjs-layers';
 * import { fileSystem, ModelFileError } from '@espalier/backend/node';
 *
 * try {
 *   await loadLayersModel(fileSystem('runs/never-saved'));
 * } catch (error) {
 *   if (error instanceof ModelFileError && error.code === 'MODEL_NOT_FOUND') console.log('Train first.');
 * }
 * ```
 */
export class ModelFileError extends EspalierError {
  /** Name of the class. */
  override readonly name = 'ModelFileError';

  /**
   * @param code - What is wrong, see {@link ModelFileErrorCode}.
   * @param path - The file.
   * @param problem - What is wrong with it and what to do, in sentences.
   * @param options - The error behind this one, as `cause`.
   */
  constructor(
    readonly code: ModelFileErrorCode,
    readonly path: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: ${problem}`, options);
  }
}
