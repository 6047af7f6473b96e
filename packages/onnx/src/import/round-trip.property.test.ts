import '@tensorflow/tfjs-backend-cpu';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { difference, fillWeights, inputsOf, predict } from '../../test/agreement.js';
import { exportOnnx } from '../export/export-onnx.js';
import { readOnnx } from './read-onnx.js';

beforeAll(() => tfc.setBackend('cpu'));

const L = tf.layers;
const padding = fc.constantFrom('same' as const, 'valid' as const);
const activation = fc.constantFrom(
  'linear',
  'relu',
  'relu6',
  'swish',
  'gelu',
  'tanh',
  'elu',
  'hardSigmoid',
) as fc.Arbitrary<'relu'>;
const small = fc.integer({ min: 1, max: 3 });

/** A layer of images, as what makes it, so that it is made anew. */
const imageLayer: fc.Arbitrary<() => tf.layers.Layer> = fc.oneof(
  fc
    .record({
      filters: small,
      kernelSize: small,
      strides: fc.integer({ min: 1, max: 2 }),
      padding,
      activation,
      useBias: fc.boolean(),
    })
    .map(options => () => L.conv2d(options)),
  fc
    .record({ kernelSize: small, padding, depthMultiplier: small, activation })
    .map(options => () => L.depthwiseConv2d(options)),
  fc
    .record({ filters: small, kernelSize: small, padding, strides: fc.integer({ min: 1, max: 3 }) })
    .map(options => () => L.conv2dTranspose(options)),
  fc
    .record({ poolSize: small, strides: fc.integer({ min: 1, max: 2 }), padding })
    .map(options => () => L.averagePooling2d(options)),
  fc
    .record({ poolSize: small, strides: fc.integer({ min: 1, max: 2 }), padding })
    .map(options => () => L.maxPooling2d(options)),
  fc.constant(() => L.batchNormalization()),
  fc.constant(() => L.prelu({ sharedAxes: [1, 2] })),
  fc.constant(() => L.upSampling2d({ size: [1, 2] })),
  fc
    .record({
      padding: fc.constant([
        [0, 1],
        [2, 0],
      ] as [[number, number], [number, number]]),
    })
    .map(options => () => L.zeroPadding2d(options)),
);

const head: fc.Arbitrary<() => tf.layers.Layer[]> = fc.constantFrom(
  () => [],
  () => [L.flatten(), L.dense({ units: 3, activation: 'softmax' })],
  () => [L.flatten(), L.reLU(), L.dense({ units: 2 }), L.batchNormalization()],
  () => [L.globalAveragePooling2d({} as never), L.dense({ units: 3 })],
  () => [L.globalMaxPooling2d({} as never), L.dense({ units: 3, activation: 'tanh' }), L.dense({ units: 2 })],
);

it('a network that is written and read again computes the same', async () => {
  const network = fc.record({
    layers: fc.array(imageLayer, { minLength: 1, maxLength: 5 }),
    head,
    residual: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      network,
      fc.constantFrom('first' as const, 'last' as const),
      fc.nat(1000),
      async (made, channels, seed) => {
        const before = tfc.memory().numTensors;
        const image = tf.input({ shape: [9, 8, 3] });
        let x = L.conv2d({ filters: 3, kernelSize: 1 }).apply(image) as tf.SymbolicTensor;
        if (made.residual)
          x = L.add().apply([
            x,
            L.activation({ activation: 'sigmoid' }).apply(x) as tf.SymbolicTensor,
          ]) as tf.SymbolicTensor;
        for (const make of [...made.layers, ...made.head().map(layer => () => layer)]) {
          const layer = make();
          const size = x.shape.slice(1, 3) as number[];
          const config = layer.getConfig() as { kernelSize?: number[]; poolSize?: number[]; padding?: string };
          const window = config.kernelSize ?? config.poolSize ?? [1, 1];
          // Windows that do not fit are left out.
          if (x.shape.length === 4 && config.padding === 'valid' && window.some((side, i) => side > (size[i] ?? 0)))
            continue;
          x = layer.apply(x) as tf.SymbolicTensor;
        }
        const model = tf.model({ inputs: image, outputs: x });
        fillWeights(model, seed);
        const inputs = Object.values(inputsOf(model, 2, seed));
        const [expected] = Object.values(await predict(model, inputs));
        const { model: back } = await readOnnx(await exportOnnx(model, { channels }), { channels });
        const [actual] = Object.values(await predict(back, inputs));
        model.dispose();
        back.dispose();
        expect(difference(actual, expected)).toBeLessThan(1e-4);
        expect(tfc.memory().numTensors).toBe(before);
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);
