import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, classNamesOf, fixed, withClassNames } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { modelWeights, PruningSession, toModel } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { withClasses } from './with-classes.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];
const { conv2d, dense, separableConv2d } = layers;
const pool = (name: string): Layer => layers.globalAveragePooling2d({ name, dataFormat: 'channelsLast' });
const image = { inputShape: [6, 6, 2] };

/** A backbone with pooling, as in Teachable Machine's files. */
function backbone(): LayersModel {
  return sequential({
    name: 'backbone',
    layers: [conv2d({ name: 'body', filters: 4, kernelSize: 3, ...image }), pool('pool')],
  });
}

/** Networks of others, the number of features, and the weights that stay. */
const networks: [name: string, make: () => LayersModel, features: number, kept: readonly string[]][] = [
  [
    "Teachable Machine's: a backbone and a head of two dense layers, nested",
    () => {
      const head = sequential({
        name: 'head',
        layers: [
          dense({ name: 'hidden', units: 5, activation: 'relu', inputShape: [4] }),
          dense({ name: 'classes', units: 3, useBias: false, activation: 'softmax' }),
        ],
      });
      return sequential({ layers: [backbone(), head] });
    },
    5,
    ['body/kernel', 'body/bias', 'hidden/kernel', 'hidden/bias'],
  ],
  [
    'a nested head of one dense layer alone',
    () =>
      sequential({
        layers: [
          backbone(),
          sequential({ name: 'head', layers: [dense({ name: 'classes', units: 3, inputShape: [4] })] }),
        ],
      }),
    4,
    ['body/kernel', 'body/bias'],
  ],
  [
    'a nested functional backbone and head, called by a functional model',
    () => {
      const first = inputOf([6, 6, 2]);
      const inner = modelOf({
        name: 'backbone',
        inputs: first,
        outputs: applied(pool('pool'), applied(conv2d({ name: 'body', filters: 4, kernelSize: 3 }), first)),
      });
      const features = inputOf([4]);
      const head = modelOf({
        name: 'head',
        inputs: features,
        outputs: applied(dense({ name: 'classes', units: 3 }), features),
      });
      const seen = inputOf([6, 6, 2]);
      return modelOf({ inputs: seen, outputs: head.apply(inner.apply(seen) as SymbolicTensor) as SymbolicTensor });
    },
    4,
    ['body/kernel', 'body/bias'],
  ],
  [
    'separable convolutions before the classifier',
    () =>
      sequential({
        layers: [
          separableConv2d({ name: 'body', filters: 4, kernelSize: 3, ...image }),
          pool('pool'),
          dense({ name: 'classes', units: 3 }),
        ],
      }),
    4,
    ['body/depthwise_kernel', 'body/pointwise_kernel', 'body/bias'],
  ],
];

const inputOf = (shape: number[]): SymbolicTensor => input({ shape });
const applied = (layer: layers.Layer, input: SymbolicTensor): SymbolicTensor => layer.apply(input) as SymbolicTensor;

/** TensorFlow.js leaves the weights of a second nested Sequential behind. */
function disposeAll(model: LayersModel): void {
  const variables = model.weights.map(weight => weight.read() as tf.Variable);
  model.dispose();
  for (const variable of variables) if (!variable.isDisposed) variable.dispose();
}

async function saved(model: LayersModel): Promise<Checkpoint> {
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), {
    weights: modelWeights(model),
    optimizer,
    onWarning: () => {},
  });
  const checkpoint = await session.checkpoint({
    model,
    slots: false,
    metadata: withClassNames({ mine: 1, recipe: {} }, ['a', 'b', 'c']),
  });
  session.dispose();
  optimizer.dispose();
  disposeAll(model);
  return checkpoint;
}

it.each(networks)('%s: gets a new classifier on its features', async (_, make, features, kept) => {
  const before = await saved(make());
  const after = await withClasses(before, { classes: 7, seed: 1 });
  expect(after.weights.get('transfer_head/kernel')?.shape).toEqual([features, 7]);
  expect([...after.weights.keys()].filter(name => !name.startsWith('transfer_head')).sort()).toEqual([...kept].sort());
  for (const name of kept) expect(after.weights.get(name)?.values).toEqual(before.weights.get(name)?.values);
  expect(after.metadata).toEqual({ mine: 1 });
  expect(classNamesOf(after.metadata)).toBeUndefined();
  const model = await toModel(after);
  const output = tf.tidy(() => model.predict(tf.ones([2, 6, 6, 2])) as tf.Tensor);
  expect(output.shape).toEqual([2, 7]);
  output.dispose();
  disposeAll(model);
});

it('zeros that nobody masked, such as those of a dead channel, are not masked by it', async () => {
  const model = sequential({
    layers: [
      layers.depthwiseConv2d({ name: 'filter', kernelSize: 3, useBias: false, ...image }),
      conv2d({ name: 'body', filters: 4, kernelSize: 1, useBias: false }),
      pool('pool'),
      dense({ name: 'classes', units: 3, useBias: false }),
    ],
  });
  const dead = tf.tidy(() =>
    tf.tensor(
      Array.from({ length: 18 }, (_, i) => i % 2),
      [3, 3, 2, 1],
    ),
  );
  model.getLayer('filter').setWeights([dead]);
  dead.dispose();
  const before = await saved(model);
  const masks = new Map([['body/kernel', Uint8Array.of(1, 0, 1, 1, 1, 1, 1, 1)]]);
  const after = await withClasses({ ...before, masks }, { classes: 7 });
  expect(after.masks).toEqual(masks);
  expect(after.weights.get('filter/depthwise_kernel')?.values).toEqual(
    before.weights.get('filter/depthwise_kernel')?.values,
  );
});
