/**
 * Models for pruning experiments, made of stock TensorFlow.js layers, deterministic for a seed, and loaders of
 * PyTorch's and Keras's weights.
 *
 * @packageDocumentation
 */

export type { CifarResNetOptions } from './architectures/cifar-resnet.js';
export {
  efficientnetLite0,
  efficientnetLite1,
  efficientnetLite2,
  efficientnetLite3,
  efficientnetLite4,
} from './architectures/efficientnet-lite.js';
export type { EfficientNetLiteOptions } from './architectures/efficientnet-lite-family.js';
export type { ImageNetResNetOptions } from './architectures/imagenet-resnet.js';
export { lenet300 } from './architectures/lenet300.js';
export { type MobileNetV1Options, mobileNetV1 } from './architectures/mobilenet-v1.js';
export { type MobileNetV2Options, mobileNetV2 } from './architectures/mobilenet-v2.js';
export { mobileNetV3Large, mobileNetV3Small } from './architectures/mobilenet-v3.js';
export type { MobileNetV3Options } from './architectures/mobilenet-v3-family.js';
export { type ModelName, modelByName, modelNames, type NamedModelOptions } from './architectures/registry.js';
export { type ResNet18Options, resnet18 } from './architectures/resnet18.js';
export { type ResNet20Options, resnet20 } from './architectures/resnet20.js';
export { type ResNet50Options, resnet50 } from './architectures/resnet50.js';
export { type ResNet56Options, resnet56 } from './architectures/resnet56.js';
export { smallConvNet } from './architectures/small-conv-net.js';
export { type Vgg16Options, vgg16 } from './architectures/vgg16.js';
export { type WideResNetOptions, wideResNet } from './architectures/wide-resnet.js';
export { UnknownModelError } from './errors.js';
export {
  ArchitectureMismatchError,
  type Framework,
  InvalidTensorError,
  TensorShapeMismatchError,
  TensorsMismatchError,
} from './framework-errors.js';
export type { KerasTensor, KerasTensors } from './keras/keras-tensor.js';
export { type KerasLoadOptions, type KerasLoadReport, loadKerasWeights } from './keras/load-keras-weights.js';
export type { InputShape, ModelOptions } from './layers/options.js';
export { TorchOrderError } from './torch/errors.js';
export { loadTorchWeights, type TorchLoadOptions, type TorchLoadReport } from './torch/load-torch-weights.js';
export type { TorchTensor, TorchTensors } from './torch/torch-tensor.js';
export { type TorchWeight, torchWeightsOf } from './torch/torch-weights-of.js';
