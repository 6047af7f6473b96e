import { EspalierError } from '@espalier/core';

/**
 * What is wrong with a file of a model:
 *
 * - `MODEL_FILE_UNREADABLE`: it, or a file that it names, is not there or cannot be read;
 * - `MODEL_JSON_INVALID`: it is not JSON, or not the JSON of a model with weights;
 * - `MODEL_IS_A_GRAPH`: it is a graph model, which has no layers;
 * - `MODEL_PATH_OUTSIDE`: a file of weights lies outside the model's folder;
 * - `MODEL_WEIGHTS_DAMAGED`: a file of weights cannot be decompressed, or there are more or fewer bytes than the
 *   weights have;
 * - `MODEL_WEIGHTS_MISMATCH`: the weights are not those of the layers;
 * - `MODEL_TOPOLOGY_UNSUPPORTED`: the topology is malformed, or TensorFlow.js cannot build its layers;
 * - `UNREGISTERED_CLASS`: it has a layer, activation, initializer, regularizer or constraint that is not registered;
 * - `UNSUPPORTED_LAYER_OPTION`: TensorFlow.js would drop an option of a layer;
 * - `KERAS_FILE_INVALID`: it is not a file of Keras, or damaged;
 * - `KERAS_FILE_WITHOUT_NAMES`: it does not say the names of the layers;
 * - `KERAS_FILE_WITHOUT_TOPOLOGY`: it holds weights alone;
 * - `KERAS_TENSOR_UNSUPPORTED`: a weight is not of 32-bit or 64-bit floats or of integers;
 * - `MODEL_TIME_LIMIT`, `MODEL_MEMORY_LIMIT`: reading it takes more time or memory than it may;
 * - `H5WASM_MISSING`: `h5wasm`, which reads HDF5, is not installed.
 */
export type ModelFileCode =
  | 'MODEL_FILE_UNREADABLE'
  | 'MODEL_JSON_INVALID'
  | 'MODEL_IS_A_GRAPH'
  | 'MODEL_PATH_OUTSIDE'
  | 'MODEL_WEIGHTS_DAMAGED'
  | 'MODEL_WEIGHTS_MISMATCH'
  | 'MODEL_TOPOLOGY_UNSUPPORTED'
  | 'UNREGISTERED_CLASS'
  | 'UNSUPPORTED_LAYER_OPTION'
  | 'KERAS_FILE_INVALID'
  | 'KERAS_FILE_WITHOUT_NAMES'
  | 'KERAS_FILE_WITHOUT_TOPOLOGY'
  | 'KERAS_TENSOR_UNSUPPORTED'
  | 'MODEL_TIME_LIMIT'
  | 'MODEL_MEMORY_LIMIT'
  | 'H5WASM_MISSING';

/** A file of a model could not be loaded; `code` says why, the message names the file and the remedy. */
export class ModelFileError extends EspalierError {
  override readonly name = 'ModelFileError';

  /**
   * @param code - What is wrong.
   * @param file - Path of the file.
   * @param problem - What is wrong there, a sentence.
   * @param remedy - What to do, a sentence.
   * @param options - The error behind it, if there is one.
   */
  constructor(
    override readonly code: ModelFileCode,
    readonly file: string,
    problem: string,
    remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${String(file)}: ${problem} ${remedy}`, options);
  }
}
