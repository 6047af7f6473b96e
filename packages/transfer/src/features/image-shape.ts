import { InvalidOptionError } from '@espalier/core';
import type { ImageShape } from '@espalier/datasets';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Height, width and channels of the images that a model takes. */
export function imageShapeOf(model: LayersModel): ImageShape {
  const [input] = model.inputs;
  const [height, width, channels] = input?.shape.slice(1) ?? [];
  if (model.inputs.length !== 1 || input?.shape.length !== 4 || !height || !width || !channels) {
    const shapes = model.inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
    throw new InvalidOptionError('model', `a model that takes ${shapes}`, 'one that takes images of one fixed size');
  }
  return [height, width, channels];
}
