/**
 * Models and weights from files in Node: TensorFlow.js layers models, and the HDF5 files of Keras.
 *
 * @packageDocumentation
 */
export { type ModelFileCode, ModelFileError } from './errors.js';
export { kerasWeightsFile } from './keras/keras-weights-file.js';
export { type KerasModelOptions, readKerasModel } from './keras/read-keras-model.js';
export { readKerasWeights } from './keras/read-keras-weights.js';
export { type ReadModelOptions, readLayersModel } from './layers-model/read-layers-model.js';
export type { ReadLimits } from './limits.js';
export type { ModelWarning, ModelWarnings } from './model-warning.js';
