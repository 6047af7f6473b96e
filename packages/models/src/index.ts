/**
 * Models for pruning experiments, made of stock TensorFlow.js layers, deterministic for a seed.
 *
 * @packageDocumentation
 */
export { InvalidModelOptionError, ModelsError, UnknownModelError } from './errors.js';
export { lenet300 } from './lenet300.js';
export type { InputShape, ModelOptions } from './options.js';
export { type ModelName, modelByName, modelNames } from './registry.js';
export { type ResNet20Options, resnet20 } from './resnet20.js';
export { smallConvNet } from './small-conv-net.js';
