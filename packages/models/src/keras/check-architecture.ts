import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ArchitectureMismatchError } from '../framework-errors.js';
import type { Application } from './architectures.js';

/** Relative difference of epsilons that counts as none: 1.001e-5 of Keras's ResNet-50 and 1e-5 of ours. */
const tolerance = 2e-3;

/** Refuses models that would take an application's weights but compute something else. */
export function checkArchitecture(model: LayersModel, application: Application | undefined): void {
  for (const layer of model.layers) {
    const config = layer.getConfig();
    if (application?.name === 'ResNet50' && layer.name === 'layer2_0_conv1') {
      const [stride] = config.strides as [number, number];
      const remedy = "Build it with the stride where Keras's ResNet50 has it: resnet50({ strideAt: '1x1' }).";
      if (stride !== 2) throw new ArchitectureMismatchError('keras', layer.name, 'stride', 2, stride, remedy);
    }
    if (application?.name === 'ResNet50' && layer.name === 'maxpool_pad') {
      const [[top]] = config.padding as [[number, number], [number, number]];
      const remedy = "Build it with poolPadding: 'both'.";
      if (top !== 1)
        throw new ArchitectureMismatchError('keras', layer.name, 'zeros above and at the left', 1, top, remedy);
    }
    const epsilon = application?.epsilon;
    if (epsilon === undefined || layer.getClassName() !== 'BatchNormalization') continue;
    if (Math.abs((config.epsilon as number) / epsilon - 1) <= tolerance) continue;
    const remedy = "Build it with Keras's epsilon (mobileNetV1 and mobileNetV2: variant: 'keras').";
    throw new ArchitectureMismatchError('keras', layer.name, 'epsilon', epsilon, config.epsilon, remedy);
  }
}
