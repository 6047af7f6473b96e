import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  lenet300,
  type ModelName,
  modelByName,
  modelNames,
  type NamedModelOptions,
  resnet20,
  resnet56,
  smallConvNet,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const small = { inputShape: [32, 32, 3], classes: 10 } as const;

/** Options that make a model of the registry quick to build; `inputShape` only where the default is large. */
const quick: Readonly<Partial<Record<ModelName, NamedModelOptions>>> = {
  lenet300: {},
  smallConvNet: {},
  resnet20: { width: 4 },
  resnet56: { width: 2 },
  efficientnetLite0: small,
  mobileNetV1: { ...small, widthMultiplier: 1 / 16 },
  mobileNetV2: { ...small, widthMultiplier: 1 / 16 },
  mobileNetV3Large: { ...small, widthMultiplier: 1 / 16 },
  mobileNetV3Small: { ...small, widthMultiplier: 1 / 16 },
  resnet18: { ...small, width: 2 },
  resnet50: { ...small, width: 2 },
  wideResNet: { depth: 10, widenFactor: 1 },
  vgg16: { ...small, width: 2, hidden: 6 },
};

/** Without EfficientNet-Lite1 to 4, which are Lite0 with other numbers and slow to build. */
const quickNames = modelNames.filter(name => !/Lite[1-4]$/.test(name));

/** Runs `body` and checks that it leaves no tensor behind. */
async function leavingNothing(body: () => Promise<void>): Promise<void> {
  const before = tf.memory().numTensors;
  await body();
  expect(tf.memory().numTensors).toBe(before);
}

async function weightValues(model: layers.LayersModel): Promise<[string, number[]][]> {
  return Promise.all(
    model.weights.map(async ({ originalName }, index): Promise<[string, number[]]> => {
      return [originalName, [...(await model.getWeights()[index]!.data())]];
    }),
  );
}

const trainable = (model: layers.LayersModel): number =>
  model.trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0);

describe('parameter counts', () => {
  it('LeNet-300-100 has 266,610 parameters', () =>
    leavingNothing(async () => {
      const model = lenet300();
      // 784·300 + 300 + 300·100 + 100 + 100·10 + 10 = 235,500 + 30,100 + 1,010
      expect(model.countParams()).toBe(266_610);
      model.dispose();
    }));

  it('the small conv net has 105,914 trainable parameters', () =>
    leavingNothing(async () => {
      const model = smallConvNet();
      // 3·3·1·16 + 2·16 + 3·3·16·32 + 2·32 + 7·7·32·64 + 64 + 64·10 + 10 = 144 + 32 + 4,608 + 64 + 100,416 + 650
      expect(trainable(model)).toBe(105_914);
      expect(model.countParams()).toBe(105_914 + 2 * 16 + 2 * 32);
      model.dispose();
    }));

  it('ResNet-20 has 269,722 trainable parameters and 1,376 moving statistics', () =>
    leavingNothing(async () => {
      const model = resnet20();
      // convolutions: 432 + 6·2,304 + (4,608 + 5·9,216) + (18,432 + 5·36,864) = 267,696; normalization: 2·(7·16 + 6·32
      // + 6·64) = 1,376; last layer: 64·10 + 10. He et al. 2016, table 6: 0.27 M.
      expect(trainable(model)).toBe(267_696 + 1_376 + 650);
      expect(model.countParams()).toBe(269_722 + 1_376);
      model.dispose();
    }));

  it('ResNet-56 has 853,018 trainable parameters and 4,064 moving statistics', () =>
    leavingNothing(async () => {
      const model = resnet56();
      // convolutions: 432 + 18·2,304 + (4,608 + 17·9,216) + (18,432 + 17·36,864) = 848,304; normalization: 2·(19·16 +
      // 18·32 + 18·64) = 4,064; last layer: 64·10 + 10. He et al. 2016, table 6: 0.85 M.
      expect(trainable(model)).toBe(848_304 + 4_064 + 650);
      expect(model.countParams()).toBe(853_018 + 4_064);
      model.dispose();
    }));
});

describe('shapes and names', () => {
  it.each(quickNames)('%s gives one row of logits for each image and leaves no tensor behind', name =>
    leavingNothing(async () => {
      const inputShape: [number, number, number] = name === 'vgg16' ? [40, 32, 2] : [12, 8, 2];
      const model = modelByName(name, { ...quick[name], inputShape, classes: 3 });
      const output = tf.tidy(() => model.predict(tf.ones([5, ...inputShape])) as tf.Tensor);
      expect(output.shape).toEqual([5, 3]);
      output.dispose();
      model.dispose();
    }),
  );

  it('weights of ResNet-20 keep their names in a second model of the same process', () =>
    leavingNothing(async () => {
      const [first, second] = [resnet20({ width: 2 }), resnet20({ width: 2 })];
      const names = (model: layers.LayersModel): string[] => model.trainableWeights.map(weight => weight.originalName);
      expect(names(second)).toEqual(names(first));
      expect(new Set(names(first)).size).toBe(19 + 2 * 19 + 2);
      expect(
        names(first)
          .filter(name => name.startsWith('stage1_block0'))
          .sort(),
      ).toEqual([
        'stage1_block0_conv1/kernel',
        'stage1_block0_conv2/kernel',
        'stage1_block0_norm1/beta',
        'stage1_block0_norm1/gamma',
        'stage1_block0_norm2/beta',
        'stage1_block0_norm2/gamma',
      ]);
      first.dispose();
      second.dispose();
    }));

  it('logits are not normalized: they do not sum to one', () =>
    leavingNothing(async () => {
      const model = lenet300({ seed: 3 });
      const sum = tf.tidy(() => tf.sum(model.predict(tf.ones([1, 28, 28, 1])) as tf.Tensor));
      expect(Math.abs((await sum.data())[0]! - 1)).toBeGreaterThan(1e-3);
      sum.dispose();
      model.dispose();
    }));
});

describe('seeds', () => {
  it.each(quickNames)('%s starts from the same weights for the same seed, and others for another', name =>
    leavingNothing(async () => {
      const built = [0, 0, 1].map(seed => modelByName(name, { ...quick[name], seed }));
      const [first, second, other] = await Promise.all(built.map(weightValues));
      expect(second).toEqual(first);
      for (const [index, [weight, values]] of first!.entries()) {
        if (weight.endsWith('kernel')) expect(other![index]![1], weight).not.toEqual(values);
      }
      for (const model of built) model.dispose();
    }),
  );

  it('kernels of equal shape in different layers start differently', () =>
    leavingNothing(async () => {
      const model = resnet20({ width: 4 });
      const values = new Map(await weightValues(model));
      expect(values.get('stage1_block0_conv1/kernel')).not.toEqual(values.get('stage1_block0_conv2/kernel'));
      model.dispose();
    }));

  it("kernels start with He's variance, 2 / fan-in", () =>
    leavingNothing(async () => {
      const model = lenet300({ seed: 5 });
      const kernel = (await weightValues(model)).find(([name]) => name === 'hidden1/kernel')![1];
      const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
      expect((variance * 784) / 2).toBeCloseTo(1, 1); // 235,200 draws: standard error of the ratio about 0.002
      expect(Math.abs((variance * 784) / 2 - 1)).toBeLessThan(0.01);
      model.dispose();
    }));
});

it.each(quickNames)('%s survives saving and loading with stock tfjs classes', name =>
  leavingNothing(async () => {
    const model = modelByName(name, { ...quick[name], seed: 2 });
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await layers.loadLayersModel(tf.io.fromMemory(saved!));
    const names = (weights: layers.LayersModel['weights']): string[] => weights.map(weight => weight.originalName);
    expect(names(loaded.weights)).toEqual(names(model.weights));
    const [height, width, channels] = model.inputs[0]!.shape.slice(1) as [number, number, number];
    const image = tf.randomUniform([2, height, width, channels], 0, 1, 'float32', 9);
    const [expected, actual] = [model.predict(image) as tf.Tensor, loaded.predict(image) as tf.Tensor];
    expect([...(await actual.data())]).toEqual([...(await expected.data())]);
    tf.dispose([image, expected, actual]);
    model.dispose();
    loaded.dispose();
  }),
);
