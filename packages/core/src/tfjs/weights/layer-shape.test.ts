import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LayerKind, LayerShape } from '../../method/layer.js';
import { guardTensors } from '../../testing/guard-tensors.js';
import { pruneOnce } from '../one-shot/prune-once.js';
import { layerShapeOf } from './layer-shape.js';
import { modelWeights } from './model-weights.js';
import { weightsOf } from './weights-of.js';

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];
type Expected = readonly [weight: string, kind: LayerKind, shape: number[], input: number[], output: number[]];

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const image = { inputShape: [6, 6, 3] };

describe('a weight of a layer says what the layer is and which axes are inputs and outputs:', () => {
  // Shapes are those that tfjs-layers builds; 4 units or filters everywhere, an LSTM has 4 gates of them, a GRU 3.
  it.each<[string, () => Layer, readonly Expected[]]>([
    ['Dense', () => layers.dense({ units: 4, inputShape: [3] }), [['kernel', 'dense', [3, 4], [0], [1]]]],
    [
      'Conv1D',
      () => layers.conv1d({ filters: 4, kernelSize: 2, inputShape: [6, 3] }),
      [['kernel', 'convolution', [2, 3, 4], [1], [2]]],
    ],
    [
      'Conv2D',
      () => layers.conv2d({ filters: 4, kernelSize: 2, ...image }),
      [['kernel', 'convolution', [2, 2, 3, 4], [2], [3]]],
    ],
    [
      'Conv3D',
      () => layers.conv3d({ filters: 4, kernelSize: 2, inputShape: [3, 3, 3, 2] }),
      [['kernel', 'convolution', [2, 2, 2, 2, 4], [3], [4]]],
    ],
    [
      'Conv2DTranspose',
      () => layers.conv2dTranspose({ filters: 4, kernelSize: 2, ...image }),
      [['kernel', 'convolution', [2, 2, 4, 3], [3], [2]]],
    ],
    [
      'DepthwiseConv2D',
      () => layers.depthwiseConv2d({ depthMultiplier: 2, kernelSize: 2, ...image }),
      [['depthwise_kernel', 'depthwise', [2, 2, 3, 2], [2], [2, 3]]],
    ],
    [
      'SeparableConv2D',
      () => layers.separableConv2d({ filters: 4, kernelSize: 2, depthMultiplier: 2, ...image }),
      [
        ['depthwise_kernel', 'depthwise', [2, 2, 3, 2], [2], [2, 3]],
        ['pointwise_kernel', 'convolution', [1, 1, 6, 4], [2], [3]],
      ],
    ],
    [
      'Embedding',
      () => layers.embedding({ inputDim: 9, outputDim: 4, inputShape: [5] }),
      [['embeddings', 'embedding', [9, 4], [0], [1]]],
    ],
    [
      'LSTM',
      () => layers.lstm({ units: 4, recurrentInitializer: 'zeros', inputShape: [5, 3] }),
      [
        ['kernel', 'recurrent', [3, 16], [0], [1]],
        ['recurrent_kernel', 'recurrent', [4, 16], [0], [1]],
      ],
    ],
    [
      'Bidirectional',
      () =>
        layers.bidirectional({
          layer: layers.gru({ units: 4, recurrentInitializer: 'zeros' }) as never,
          mergeMode: 'concat',
          inputShape: [5, 3],
        }),
      [
        ['kernel', 'recurrent', [3, 12], [0], [1]],
        ['recurrent_kernel', 'recurrent', [4, 12], [0], [1]],
        ['kernel', 'recurrent', [3, 12], [0], [1]],
        ['recurrent_kernel', 'recurrent', [4, 12], [0], [1]],
      ],
    ],
    [
      'a dense layer at each time',
      () => layers.timeDistributed({ layer: layers.dense({ units: 4 }), inputShape: [5, 3] }),
      [['kernel', 'dense', [3, 4], [0], [1]]],
    ],
    ['PReLU', () => layers.prelu({ inputShape: [3, 2] }), []],
  ])('%s', (_, make, expected) => {
    const model = sequential({ layers: [make()] });
    const shapes = modelWeights(model).map(layerShapeOf);
    const known = shapes.filter(({ kind }) => kind !== 'other');
    const part = /(depthwise_|pointwise_|recurrent_)?(kernel|embeddings)$/;
    const found = known.map(({ name, kind, shape, axes }) => {
      return [part.exec(name)?.[0], kind, shape, axes.input, axes.output];
    });
    expect(found).toEqual(expected);
    for (const { kind, axes } of shapes) if (kind === 'other') expect(axes).toEqual({ input: [], output: [] });
    model.dispose();
  });
});

const zeros = (shape: number[]): tf.Variable => tf.tidy(() => tf.variable(tf.zeros(shape)));

it('a plain variable is judged by its role and dimensions', () => {
  const variables = {
    vector: zeros([3]),
    matrix: zeros([3, 2]),
    filters: zeros([3, 3, 2, 4]),
    depthwise_kernel: zeros([3, 3, 2, 1]),
    words: zeros([9, 4]),
  };
  const role = (name: string, { rank }: tf.Variable): 'embedding' | 'kernel' | 'bias' => {
    if (name === 'words') return 'embedding';
    return rank > 1 ? 'kernel' : 'bias';
  };
  expect(weightsOf(variables, { role }).map(weight => layerShapeOf(weight).kind)).toEqual([
    'other',
    'dense',
    'convolution',
    'depthwise',
    'embedding',
  ]);
  const [matrix] = weightsOf({ matrix: variables.matrix });
  expect(layerShapeOf({ ...matrix!, layerClass: 'MyLayer' }).kind).toBe('other');
  expect(layerShapeOf({ ...matrix!, layerClass: 'LSTM' }).kind).toBe('recurrent');
  tf.dispose(variables);
});

it('criteria and distributions of pruneOnce are told too', async () => {
  const kernel = tf.tidy(() => tf.variable(tf.ones([2, 2])));
  const seen: LayerShape[] = [];
  await pruneOnce(
    weightsOf({ kernel }),
    layer => {
      seen.push(layer);
      return layer.weights;
    },
    0.5,
    scored => {
      seen.push(...scored);
      return new Map([['kernel', 2]]);
    },
  );
  expect(seen.map(({ kind, axes }) => ({ kind, axes }))).toEqual([
    { kind: 'dense', axes: { input: [0], output: [1] } },
    { kind: 'dense', axes: { input: [0], output: [1] } },
  ]);
  kernel.dispose();
});
