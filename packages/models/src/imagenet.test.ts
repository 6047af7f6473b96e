import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { mobileNetV1, resnet50 } from './index.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

/** What layer `name` makes of `image`. */
async function outputOf(model: layers.LayersModel, name: string, image: tf.Tensor): Promise<number[]> {
  const part = layers.model({ inputs: model.inputs, outputs: model.getLayer(name).output });
  const output = part.predict(image) as tf.Tensor;
  const values = [...(await output.data())];
  tf.dispose([output, image]);
  return values;
}

function setKernel(model: layers.LayersModel, layer: string, kernel: tf.Tensor): void {
  model.getLayer(layer).setWeights([kernel]);
  kernel.dispose();
}

it("ResNet-50's stem pads three zeros on every side: an input of ones counts the taps inside the image", async () => {
  const model = resnet50({ inputShape: [8, 8, 1], width: 1, classes: 2 });
  setKernel(model, 'conv1', tf.ones([7, 7, 1, 1]));
  const values = await outputOf(model, 'conv1', tf.ones([1, 8, 8, 1]));
  // output y sees rows 2y − 3 … 2y + 3 of 0 … 7: 4, 6, 7, 5 of them; likewise columns
  const inside = [4, 6, 7, 5];
  expect(values).toEqual(inside.flatMap(rows => inside.map(columns => rows * columns)));
  model.dispose();
});

it("ResNet-50's 3x3 convolutions of stride 2 pad one zero on every side", async () => {
  const model = resnet50({ inputShape: [16, 16, 1], width: 1, classes: 2 });
  setKernel(model, 'layer2_0_conv2', tf.ones([3, 3, 2, 2]));
  const output = tf.tidy(() => {
    const padded = model.getLayer('layer2_0_conv2_pad').apply(tf.ones([1, 4, 4, 2])) as tf.Tensor;
    return model.getLayer('layer2_0_conv2').apply(padded) as tf.Tensor;
  });
  // rows −1 … 1 and 1 … 3 of 0 … 3: 2 and 3 inside, times 2 channels
  expect([...(await output.data())]).toEqual([8, 8, 12, 12, 12, 12, 18, 18]);
  output.dispose();
  model.dispose();
});

it("the border of ResNet-50's max pooling never wins over a pixel", async () => {
  const model = resnet50({ inputShape: [8, 8, 1], width: 1, classes: 2 });
  const [stem, pooled] = await Promise.all(
    ['relu', 'maxpool'].map(name => outputOf(model, name, tf.randomNormal([1, 8, 8, 1], 0, 1, 'float32', 4))),
  );
  const at = (y: number, x: number): number => (y < 0 || x < 0 ? Number.NEGATIVE_INFINITY : stem![4 * y + x]!);
  const around = [-1, 0, 1];
  const expected = [0, 2].flatMap(y =>
    [0, 2].map(x => Math.max(...around.flatMap(dy => around.map(dx => at(y + dy, x + dx))))),
  );
  expect(pooled).toEqual(expected);
  model.dispose();
});

it("ResNet-50's layers carry torchvision's names with _ for the dots", () => {
  const model = resnet50({ inputShape: [32, 32, 3], width: 1, classes: 2 });
  const expected = ['conv1', 'bn1', 'fc'];
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    for (let block = 0; block < blocks; block++) {
      const parts = ['conv1', 'bn1', 'conv2', 'bn2', 'conv3', 'bn3'];
      if (block === 0) parts.push('downsample.0', 'downsample.1');
      expected.push(...parts.map(part => `layer${stage + 1}.${block}.${part}`.replaceAll('.', '_')));
    }
  }
  expect(
    model.layers
      .filter(layer => layer.weights.length > 0)
      .map(layer => layer.name)
      .sort(),
  ).toEqual(expected.sort());
  model.dispose();
});

it('normalization uses epsilon 1e-5 in ResNet-50 and 1e-3 in MobileNetV1', () => {
  const shared = { inputShape: [32, 32, 3], classes: 2 } as const;
  const built = [resnet50({ ...shared, width: 1 }), mobileNetV1({ ...shared, widthMultiplier: 1 / 32 })];
  const settings = built.map(model => {
    const all = model.layers
      .filter(layer => layer.getClassName() === 'BatchNormalization')
      .map(layer => layer.getConfig());
    return new Set(all.map(({ epsilon, momentum }) => `${epsilon} ${momentum}`));
  });
  expect(settings).toEqual([new Set(['0.00001 0.9']), new Set(['0.001 0.99'])]);
  for (const model of built) model.dispose();
});

it('MobileNetV1 pads below and at the right only where the stride is 2 and the side even', async () => {
  const model = mobileNetV1({ inputShape: [4, 4, 1], widthMultiplier: 1 / 32, classes: 2 });
  setKernel(model, 'conv1', tf.ones([3, 3, 1, 1]));
  // rows 0 … 2 and 2 … 4 of 0 … 3: 3 and 2 inside
  expect(await outputOf(model, 'conv1', tf.ones([1, 4, 4, 1]))).toEqual([9, 6, 6, 4]);
  model.dispose();
});

it('MobileNetV1 clips at 6', async () => {
  const model = mobileNetV1({ inputShape: [8, 8, 1], widthMultiplier: 1 / 32, classes: 2 });
  setKernel(model, 'conv1', tf.fill([3, 3, 1, 1], 100));
  expect(new Set(await outputOf(model, 'conv1_relu', tf.ones([1, 8, 8, 1])))).toEqual(new Set([6]));
  model.dispose();
});

it("depthwise kernels start with He's variance for one channel, 2 / 9", async () => {
  const model = mobileNetV1({ inputShape: [8, 8, 3], classes: 2, widthMultiplier: 0.5, seed: 6 });
  const values = (await model.getLayer('conv_dw_13').getWeights()[0]!.data()) as Float32Array;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(Math.abs((variance * 9) / 2 - 1)).toBeLessThan(0.1); // 4,608 draws: standard error about 0.017
  model.dispose();
});
