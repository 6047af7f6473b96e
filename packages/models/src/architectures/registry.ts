import { rules } from '@espalier/core';
import type * as tf from '@tensorflow/tfjs-layers';
import { UnknownModelError } from '../errors.js';
import {
  efficientnetLite0,
  efficientnetLite1,
  efficientnetLite2,
  efficientnetLite3,
  efficientnetLite4,
} from './efficientnet-lite.js';
import type { EfficientNetLiteOptions } from './efficientnet-lite-family.js';
import { lenet300 } from './lenet300.js';
import { type MobileNetV1Options, mobileNetV1 } from './mobilenet-v1.js';
import { mobileNetV2 } from './mobilenet-v2.js';
import { mobileNetV3Large, mobileNetV3Small } from './mobilenet-v3.js';
import { type ResNet18Options, resnet18 } from './resnet18.js';
import { type ResNet20Options, resnet20 } from './resnet20.js';
import { type ResNet50Options, resnet50 } from './resnet50.js';
import { type ResNet56Options, resnet56 } from './resnet56.js';
import { smallConvNet } from './small-conv-net.js';
import { type Vgg16Options, vgg16 } from './vgg16.js';
import { type WideResNetOptions, wideResNet } from './wide-resnet.js';

/**
 * Names of all models, in order of their multiply-accumulates for one image.
 *
 * @example
 * ```ts
 * import { modelNames } from '@espalier/models';
 *
 * console.log(modelNames.slice(0, 4)); // ['lenet300', 'smallConvNet', 'resnet20', 'mobileNetV3Small']
 * ```
 */
export const modelNames = [
  'lenet300',
  'smallConvNet',
  'resnet20',
  'mobileNetV3Small',
  'resnet56',
  'mobileNetV3Large',
  'mobileNetV2',
  'efficientnetLite0',
  'mobileNetV1',
  'efficientnetLite1',
  'efficientnetLite2',
  'efficientnetLite3',
  'resnet18',
  'efficientnetLite4',
  'resnet50',
  'wideResNet',
  'vgg16',
] as const;

/** Name of a model that {@link modelByName} builds. */
export type ModelName = (typeof modelNames)[number];

/** Options of any model, for {@link modelByName}. Those that the model does not have are refused. */
export interface NamedModelOptions
  extends ResNet20Options,
    ResNet56Options,
    ResNet18Options,
    ResNet50Options,
    Omit<EfficientNetLiteOptions, 'variant'>,
    Omit<MobileNetV1Options, 'variant'>,
    WideResNetOptions,
    Vgg16Options {
  /**
   * Channels of the first stage, of `resnet20` and `resnet56` (16 if left out), `resnet18`, `resnet50` and `vgg16`
   * (64).
   */
  readonly width?: number | undefined;
  /**
   * Whose details a mobile network has: of `mobileNetV1`, `mobileNetV2`, `efficientnetLite0` to 4, and of the two
   * `mobileNetV3`, which alone have `'timm'`. Each has its own default.
   */
  readonly variant?: 'keras' | 'torch' | 'timm' | undefined;
}

/** Each builder refuses values that it does not have. */
const taking =
  <Options>(build: (options: Options) => tf.LayersModel): ((options: NamedModelOptions) => tf.LayersModel) =>
  options =>
    build(options as Options);

const builders: Readonly<Record<ModelName, (options: NamedModelOptions) => tf.LayersModel>> = {
  lenet300,
  smallConvNet,
  resnet20,
  mobileNetV3Small: taking(mobileNetV3Small),
  resnet56,
  mobileNetV3Large: taking(mobileNetV3Large),
  mobileNetV2: taking(mobileNetV2),
  efficientnetLite0: taking(efficientnetLite0),
  mobileNetV1: taking(mobileNetV1),
  efficientnetLite1: taking(efficientnetLite1),
  efficientnetLite2: taking(efficientnetLite2),
  efficientnetLite3: taking(efficientnetLite3),
  resnet18,
  efficientnetLite4: taking(efficientnetLite4),
  resnet50,
  wideResNet,
  vgg16,
};

/**
 * Builds a model by its name, for command lines and configuration files.
 *
 * @param name - One of {@link modelNames}, exactly.
 * @param options - Options of the builder.
 * @returns A new, uncompiled model that gives logits.
 * @throws {@link UnknownModelError} if there is no such model.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if the model has none of
 *   its name.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { modelByName } from '@espalier/models';
 *
 * const model = modelByName('smallConvNet', { seed: 7 });
 * console.log(model.inputs[0]?.shape); // [null, 28, 28, 1]
 * model.dispose();
 * ```
 */
export function modelByName(name: string, options: NamedModelOptions = {}): tf.LayersModel {
  rules.text('name', name as never);
  if (!Object.hasOwn(builders, name)) throw new UnknownModelError(name, modelNames);
  return builders[name as ModelName](options);
}
