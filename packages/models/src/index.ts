/**
 * Models for pruning experiments, made of stock TensorFlow.js layers, deterministic for a seed, and loaders of PyTorch's and Keras's
 * weights.
 *
 * @packageDocumentation
 */

export type { CifarResNetOptions } from './cifar-resnet.js';
export { UnknownModelError } from './errors.js';
export type { ImageNetResNetOptions } from './imagenet-resnet.js';
export {
  InvalidKerasTensorError,
  KerasArchitectureMismatchError,
  KerasShapeMismatchError,
  KerasTensorsMismatchError,
} from './keras/errors.js';
export type { KerasTensor, KerasTensors } from './keras/keras-tensor.js';
export { type KerasLoadOptions, type KerasLoadReport, loadKerasWeights } from './keras/load-keras-weights.js';
export { lenet300 } from './lenet300.js';
export { type MobileNetV1Options, mobileNetV1 } from './mobilenet-v1.js';
export type { InputShape, ModelOptions } from './options.js';
export { type ModelName, modelByName, modelNames, type NamedModelOptions } from './registry.js';
export { type ResNet18Options, resnet18 } from './resnet18.js';
export { type ResNet20Options, resnet20 } from './resnet20.js';
export { type ResNet50Options, resnet50 } from './resnet50.js';
export { type ResNet56Options, resnet56 } from './resnet56.js';
export { smallConvNet } from './small-conv-net.js';
export {
  InvalidTorchTensorError,
  TorchArchitectureMismatchError,
  TorchOrderError,
  TorchShapeMismatchError,
  TorchTensorsMismatchError,
} from './torch/errors.js';
export { loadTorchWeights, type TorchLoadOptions, type TorchLoadReport } from './torch/load-torch-weights.js';
export type { TorchTensor, TorchTensors } from './torch/torch-tensor.js';
export { type Vgg16Options, vgg16 } from './vgg16.js';
export { type WideResNetOptions, wideResNet } from './wide-resnet.js';
