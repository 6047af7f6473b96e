import { afterwards, guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { batchAt, digitsNormalization, embeddedDigits, toTensors } from '@espalier/datasets';
import { smallConvNet } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { layers, model as modelOf, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tfjsExtractor } from './tfjs-extractor.js';

guardTensors({ beforeEach, afterEach });

const batchOf = async (): Promise<ReturnType<typeof batchAt>> => {
  const { train } = await embeddedDigits();
  return batchAt(train, { position: 0, batchSize: 16, normalize: digitsNormalization });
};

/** A network whose moving statistics are not those it was made with. */
function movedNet(): ReturnType<typeof smallConvNet> {
  const model = afterwards(smallConvNet({ seed: 3 }));
  tf.tidy(() => void model.apply(tf.randomUniform([8, 28, 28, 1], 0, 1, 'float32', 5), { training: true }));
  return model;
}

it('transfer T1: gives what the direct forward pass gives before the classifier, to 1e-5', async () => {
  const model = movedNet();
  const batch = await batchOf();
  const features = await tfjsExtractor(model).extract(batch);
  const direct = modelOf({ inputs: model.inputs, outputs: model.getLayer('hidden').output });
  const { xs, ys } = toTensors(batch);
  const expected = direct.predict(xs) as tf.Tensor;
  const values = await expected.data();
  expect(features).toHaveLength(16 * 64);
  expect(Math.max(...values)).toBeGreaterThan(0.1);
  values.forEach((value, i) => {
    expect(Math.abs(features[i]! - value)).toBeLessThan(1e-5);
  });
  tf.dispose([xs, ys, expected]);
});

it('transfer T4: leaves every weight as it was, moving statistics included, bit for bit', async () => {
  const model = movedNet();
  const read = (): number[][] =>
    model.getWeights().map(weight => [...new Uint32Array(weight.dataSync().slice().buffer)]);
  const before = read();
  await tfjsExtractor(model).extract(await batchOf());
  expect(read()).toEqual(before);
});

it('has another identity for other weights and other architectures, and the same for other classifiers', async () => {
  const [first, again, other] = [1, 1, 2].map(seed => tfjsExtractor(afterwards(smallConvNet({ seed }))));
  const classes = tfjsExtractor(afterwards(smallConvNet({ seed: 1, classes: 3 })));
  const identity = await first!.identity();
  expect(identity).toMatch(/^[\da-f]{64}$/);
  expect(await again!.identity()).toBe(identity);
  expect(await classes.identity()).toBe(identity);
  expect(await other!.identity()).not.toBe(identity);
  const net = (activation: 'relu' | 'tanh'): ReturnType<typeof sequential> =>
    afterwards(
      sequential({
        layers: [
          layers.flatten({ name: 'flat', inputShape: [2, 2, 1] }),
          layers.dense({ name: 'hidden', units: 2, activation, kernelInitializer: 'ones' }),
          layers.dense({ name: 'logits', units: 2 }),
        ],
      }),
    );
  expect(await tfjsExtractor(net('relu')).identity()).not.toBe(await tfjsExtractor(net('tanh')).identity());
});

it('takes a 1x1 convolution for the classifier, and passes over layers without weights after it', () => {
  const net = sequential({
    layers: [
      layers.conv2d({ name: 'conv', filters: 3, kernelSize: 3, inputShape: [8, 8, 1] }),
      layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' }),
      layers.reshape({ name: 'square', targetShape: [1, 1, 3] }),
      layers.conv2d({ name: 'fc', filters: 10, kernelSize: 1 }),
      layers.flatten({ name: 'flatten' }),
      layers.softmax({ name: 'softmax' }),
    ],
  });
  expect(tfjsExtractor(afterwards(net)).dimension).toBe(3);
});

it('takes the output of an embedding, and refuses a network that takes no images', () => {
  const ends = sequential({
    layers: [layers.flatten({ inputShape: [4, 4, 1] }), layers.dense({ units: 3 }), layers.batchNormalization()],
  });
  expect(tfjsExtractor(afterwards(ends)).dimension).toBe(3);
  const rows = sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] });
  expect(() => tfjsExtractor(afterwards(rows))).toThrow(expect.objectContaining({ option: 'model' }));
});
