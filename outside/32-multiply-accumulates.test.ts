import '@tensorflow/tfjs-backend-cpu';
import { existsSync, readFileSync } from 'node:fs';
import { formatInspectReport, inspectCheckpoint, measureSpeed } from '@espalier/cli';
import { activeMagnitude, type Checkpoint, fixed, uniform } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession, pruneOnce } from '@espalier/core/tfjs';
import { modelByName } from '@espalier/models';
import { readLayersModel } from '@espalier/models/node';
import { compile, graphCost, graphFromCheckpoint, simplify } from '@espalier/runtime';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';

const { layers } = tfl;

async function pruned(model: tfl.LayersModel, sparsity: number, include: RegExp[] = []): Promise<Checkpoint> {
  const weights = modelWeights(model, { include });
  const masks = sparsity === 0 ? new Map() : await pruneOnce(weights, activeMagnitude, sparsity, uniform);
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), { weights, optimizer, masks });
  const checkpoint = await session.checkpoint({ model, slots: false });
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  return checkpoint;
}

const convolution = (name: string, options = {}) =>
  layers.conv2d({ name, filters: 6, kernelSize: 3, padding: 'same', ...options });

/** A small network that is used twice in another one. */
function nested(): tfl.LayersModel {
  const inner = tfl.sequential({
    name: 'inner',
    layers: [convolution('shared', { inputShape: [8, 8, 6] }), layers.batchNormalization({ name: 'norm' })],
  });
  const x = tfl.input({ shape: [8, 8, 6] });
  const twice = inner.apply(inner.apply(x)) as tfl.SymbolicTensor;
  const flat = layers.globalAveragePooling2d({ name: 'pool' }).apply(twice) as tfl.SymbolicTensor;
  return tfl.model({ inputs: x, outputs: layers.dense({ name: 'head', units: 3 }).apply(flat) as tfl.SymbolicTensor });
}

const networks: readonly [string, () => tfl.LayersModel][] = [
  ...(['lenet300', 'smallConvNet', 'resnet20'] as const).map((name): [string, () => tfl.LayersModel] => [
    name,
    () => modelByName(name, { seed: 1 }),
  ]),
  ['mobileNetV1', () => modelByName('mobileNetV1', { seed: 1, inputShape: [64, 64, 3], classes: 10 })],
  ['a network in a network, called twice', nested],
  [
    'frozen layers',
    () =>
      tfl.sequential({
        layers: [
          convolution('frozen', { inputShape: [8, 8, 3], trainable: false }),
          convolution('free', { strides: 2 }),
          layers.flatten(),
          layers.dense({ name: 'head', units: 4 }),
        ],
      }),
  ],
  [
    'depthwise and separable convolutions',
    () =>
      tfl.sequential({
        layers: [
          layers.depthwiseConv2d({ name: 'deep', inputShape: [9, 9, 4], kernelSize: 3, depthMultiplier: 2 }),
          layers.separableConv2d({ name: 'apart', filters: 5, kernelSize: 3, strides: 2, padding: 'same' }),
          convolution('wide', { dilationRate: 2 }),
          layers.globalMaxPooling2d({}),
        ],
      }),
  ],
];

it.each(networks)('counts the same in every report: %s', async (name, make) => {
  const before = tf.memory().numTensors;
  const checkpoint = await pruned(make(), 0.7);
  const report = await inspectCheckpoint(checkpoint);
  const cost = graphCost(simplify(graphFromCheckpoint(checkpoint)));
  expect(report.uncounted).toEqual([]);
  expect(report.macs).toEqual({ dense: cost.denseMultiplyAdds, sparse: cost.sparseMultiplyAdds });
  const plan = await compile(checkpoint, { threads: 1 });
  const { denseFlops, sparseFlops, flopDensity } = plan.summary;
  await plan.dispose();
  expect({ denseFlops, sparseFlops }).toEqual({
    denseFlops: 2 * report.macs!.dense,
    sparseFlops: 2 * report.macs!.sparse,
  });
  expect(flopDensity).toBe(report.macs!.sparse / report.macs!.dense);
  // TensorFlow.js does not free layers that stand in several places.
  if (name !== 'a network in a network, called twice') expect(tf.memory().numTensors).toBe(before);
});

it('benches with the numbers that it inspects with, and lists what stays dense with the reason', async () => {
  const checkpoint = await pruned(networks.find(([name]) => name === 'frozen layers')![1](), 0.5);
  const report = await inspectCheckpoint(checkpoint);
  // frozen 3·3·3·6 at 8·8 places, free 3·3·6·6 at 4·4, head 96·4: 10,368 + 5,184 + 384. Half of all but the first is
  // left.
  expect(report.macs).toEqual({ dense: 15_936, sparse: 10_368 + 2_592 + 192 });
  expect(report.layers.map(({ name, dense }) => [name, dense])).toEqual([
    ['frozen/kernel', 'frozen'],
    ['free/kernel', null],
    ['head/kernel', null],
  ]);
  const { flops } = await measureSpeed(checkpoint, { threads: 1, rounds: 3, tfjs: false, tune: false });
  expect(flops).toEqual({ dense: 2 * 15_936, sparse: 2 * 13_152 });
  expect(formatInspectReport(report)).toMatch(/^frozen\/kernel .* frozen /m);
});

it('counts a 1x1 convolution without zeros in its favor, be it emptied or full of ones', async () => {
  const ones = tfl.sequential({
    layers: [
      layers.conv2d({
        name: 'one',
        inputShape: [4, 4, 1],
        filters: 2,
        kernelSize: 1,
        useBias: false,
        kernelInitializer: 'ones',
      }),
      layers.conv2d({ name: 'none', filters: 3, kernelSize: 1, useBias: false, kernelInitializer: 'zeros' }),
    ],
  });
  const checkpoint = await pruned(ones, 0);
  const cost = graphCost(graphFromCheckpoint(checkpoint));
  expect((await inspectCheckpoint(checkpoint)).macs).toEqual({ dense: 16 * (2 + 6), sparse: 16 * 2 });
  expect({ dense: cost.denseMultiplyAdds, sparse: cost.sparseMultiplyAdds }).toEqual({ dense: 128, sparse: 32 });
});

it.each([
  // Units 5, features 3, 7 steps: 4 gates, each from 3 features and from 5 states: 4·5·(3 + 5)·7.
  ['LSTM', layers.lstm({ name: 'x', units: 5, recurrentInitializer: 'zeros', inputShape: [7, 3] }), 1_120],
  [
    'GRU',
    layers.gru({ name: 'x', units: 5, recurrentInitializer: 'zeros', inputShape: [7, 3], returnSequences: true }),
    840,
  ],
  ['SimpleRNN', layers.simpleRNN({ name: 'x', units: 5, recurrentInitializer: 'zeros', inputShape: [7, 3] }), 280],
  [
    'both directions',
    layers.bidirectional({
      name: 'b',
      layer: layers.lstm({ name: 'x', units: 5, recurrentInitializer: 'zeros' }),
      inputShape: [7, 3],
      mergeMode: 'concat',
    } as never),
    2_240,
  ],
  // 3·2 weights for each of 7 steps.
  ['TimeDistributed', layers.timeDistributed({ layer: layers.dense({ name: 'x', units: 2 }), inputShape: [7, 3] }), 42],
  // 4 gates of 2 filters, 3·3 taps on 1 and on 2 channels, 6·6 places, 3 images: 4·2·9·(1 + 2)·36·3.
  [
    'ConvLSTM2D',
    layers.convLstm2d({
      name: 'x',
      filters: 2,
      kernelSize: 3,
      padding: 'same',
      inputShape: [3, 6, 6, 1],
      recurrentInitializer: 'zeros',
    } as never),
    23_328,
  ],
] as const)('counts the steps of %s', async (_, layer, expected) => {
  const checkpoint = await pruned(tfl.sequential({ layers: [layer as tfl.layers.Layer] }), 0);
  expect(await inspectCheckpoint(checkpoint)).toMatchObject({ macs: { dense: expected }, uncounted: [] });
});

it('names what cannot be counted: sequences of open length, and layers that it does not know', async () => {
  class Attend extends tfl.layers.Layer {
    static className = 'Attend';
    override build(): void {
      this.addWeight('attention_kernel', [3, 3], 'float32', tfl.initializers.ones());
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
      return inputs;
    }
  }
  tf.serialization.registerClass(Attend);
  const open = tfl.sequential({
    layers: [
      layers.lstm({ name: 'open', units: 2, recurrentInitializer: 'zeros', inputShape: [null as never, 3] }),
      new Attend({ name: 'own' }) as tfl.layers.Layer,
      layers.dense({ name: 'head', units: 2 }),
    ],
  });
  const report = await inspectCheckpoint(await pruned(open, 0));
  expect(report.macs).toBeNull();
  expect(report.uncounted).toEqual(['open/kernel', 'open/recurrent_kernel', 'own/attention_kernel']);
  expect(formatInspectReport(report)).toContain(
    'cannot be counted for: open/kernel, open/recurrent_kernel, own/attention_kernel',
  );
});

const real = `${process.env.ESPALIER_DATA ?? '/no/data/directory'}/real-networks`;

it.skipIf(!existsSync(real))('counts EfficientNet-Lite0 as published: 385 M (needs ESPALIER_DATA)', async () => {
  const source = readFileSync(`${real}/efficientnet-lite0/efficientnet-lite0.mjs`, 'utf8');
  const body = source.replace(/^import .*$/m, '').replace('export function', 'return function');
  const make = new Function('tfl', body)(tfl) as () => tfl.LayersModel;
  const checkpoint = await pruned(make(), 0.5);
  const { macs } = await inspectCheckpoint(checkpoint);
  const cost = graphCost(graphFromCheckpoint(checkpoint));
  expect(macs!.dense / 1e6).toBeCloseTo(385.2, 0);
  expect(macs).toEqual({ dense: cost.denseMultiplyAdds, sparse: cost.sparseMultiplyAdds });
});

it.skipIf(!existsSync(real))(
  'counts the MobileNetV2 of nsfwjs with its frozen layers (needs ESPALIER_DATA)',
  async () => {
    const checkpoint = await pruned(await readLayersModel(`${real}/nsfwjs-mobilenetv2/model.json`), 0.8);
    const { macs, uncounted } = await inspectCheckpoint(checkpoint);
    const cost = graphCost(graphFromCheckpoint(checkpoint));
    expect({ macs, uncounted }).toEqual({
      macs: { dense: cost.denseMultiplyAdds, sparse: cost.sparseMultiplyAdds },
      uncounted: [],
    });
  },
);
