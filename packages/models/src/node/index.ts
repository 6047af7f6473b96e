/**
 * Models and weights from files in Node: TensorFlow.js layers models, and the HDF5 files of Keras.
 *
 * @packageDocumentation
 */
export { type ModelFileCode, ModelFileError } from './errors.js';
export type { ReadLimits } from './limits.js';
export { readKerasWeights } from './read-keras-weights.js';
export { type ReadModelOptions, readLayersModel } from './read-layers-model.js';
