/**
 * Models for pruning experiments, made of stock TensorFlow.js layers, deterministic for a seed.
 *
 * @packageDocumentation
 */
export { InvalidModelOptionError, ModelsError, UnknownModelError } from './errors.js';
export { lenet300 } from './lenet300.js';
export { type MobileNetV1Options, mobileNetV1 } from './mobilenet-v1.js';
export type { InputShape, ModelOptions } from './options.js';
export { type ModelName, modelByName, modelNames, type NamedModelOptions } from './registry.js';
export { type ResNet20Options, resnet20 } from './resnet20.js';
export { type ResNet50Options, resnet50 } from './resnet50.js';
export { smallConvNet } from './small-conv-net.js';
