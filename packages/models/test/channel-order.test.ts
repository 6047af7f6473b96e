import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readLayersModel } from '../src/node/index.js';
import { toDisk } from './saved-model.js';

/*
 * The beginnings of networks that take images as `preprocess_input` of ResNet and VGG makes them, as Keras 3.15 and
 * tf-keras 2.21 write them (keras.applications.resnet50.preprocess_input of keras.Input((2, 2, 3))).
 */
beforeAll(() => tf.setBackend('cpu').then(() => {}));
guardTensors({ beforeEach, afterEach });

type Json = Record<string, unknown>;

async function reading(layers: readonly Json[], output: string, version: string): Promise<LayersModel> {
  const config = { name: 'net', layers, input_layers: [['input', 0, 0]], output_layers: [[output, 0, 0]] };
  const modelTopology = { keras_version: version, model_config: { class_name: 'Functional', config } };
  return readLayersModel(await toDisk({ json: { modelTopology, weightsManifest: [] }, files: new Map() }));
}

const sides = [null, 2, 2, 3];
const input = {
  class_name: 'InputLayer',
  config: { name: 'input', batch_shape: sides },
  name: 'input',
  inbound_nodes: [],
};
const tensor = (from: string, shape: unknown = sides): Json => ({
  class_name: '__keras_tensor__',
  config: { shape, dtype: 'float32', keras_history: [from, 0, 0] },
});
const operation = (class_name: string, name: string, args: unknown[], config: Json = {}): Json => ({
  module: 'keras.src.ops.numpy',
  class_name,
  name,
  config: { name, ...config },
  inbound_nodes: [{ args, kwargs: {} }],
});
const rest = { class_name: '__ellipsis__', config: {} };
const all = { class_name: '__slice__', config: { start: null, stop: null, step: null } };
const channel = (name: string, ...places: unknown[]): Json => operation('GetItem', name, [tensor('input'), places]);
const stack = (parts: readonly string[], axis = -1): Json =>
  operation('Stack', 'stack', [parts.map(part => tensor(part, [null, 2, 2]))], { axis });
const reverse = (slice_spec: unknown, more: Json = {}): Json => ({
  class_name: 'SlicingOpLambda',
  config: { name: 'getitem', trainable: true, function: '__operators__.getitem' },
  name: 'getitem',
  inbound_nodes: [['input', 0, 0, { slice_spec }]],
  ...more,
});

/** What becomes of an image of 2 x 2 places with the numbers 0 to 11. */
async function outputOf(model: LayersModel): Promise<number[]> {
  const output = tf.tidy(() => model.predict(tf.reshape(tf.range(0, 12), [1, 2, 2, 3])) as tf.Tensor);
  const values = [...(await output.data())];
  output.dispose();
  model.dispose();
  return values;
}

const reversed = [2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9];

it('stacked channels of Keras 3 change places', async () => {
  const parts = [channel('c', rest, 2), channel('b', rest, 1), channel('a', rest, 0)];
  const model = await reading([input, ...parts, stack(['c', 'b', 'a'])], 'stack', '3.15.1');
  expect(model.weights).toEqual([]);
  expect(await outputOf(model)).toEqual(reversed);
});

it('channels are counted from the end too, written in full, and may come twice', async () => {
  const parts = [channel('last', all, all, all, -1), channel('first', rest, 0)];
  const model = await reading([input, ...parts, stack(['last', 'first', 'last'], 3)], 'stack', '3.15.1');
  expect(await outputOf(model)).toEqual([2, 0, 2, 5, 3, 5, 8, 6, 8, 11, 9, 11]);
});

it.each<[name: string, Json]>([
  [
    'without their number beside them',
    reverse([{ class_name: '__ellipsis__' }, { start: null, stop: null, step: -1 }]),
  ],
  [
    'with all axes written out',
    reverse([...Array(3).fill({ start: null, stop: null, step: null }), { start: null, stop: null, step: -1 }], {
      build_config: { input_shape: sides },
    }),
  ],
])('the channels of Keras 2 from the end, %s', async (_, entry) => {
  const given = { ...input, config: { name: 'input', batch_input_shape: sides } };
  expect(await outputOf(await reading([given, entry], 'getitem', '2.15.0'))).toEqual(reversed);
});

it.each<[name: string, Json[], string]>([
  [
    'a channel that something else reads too',
    [channel('c', rest, 2), stack(['c', 'c']), { ...stack(['c']), name: 'other' }],
    'stack',
  ],
  ['another axis of the stack', [channel('c', rest, 2), channel('a', rest, 0), stack(['c', 'a'], 1)], 'stack'],
  ['a channel that there is not', [channel('c', rest, 3), stack(['c'])], 'stack'],
  ['a row of an image', [channel('c', 1, rest), stack(['c'])], 'stack'],
  ['every second channel', [reverse([rest, { start: null, stop: null, step: 2 }])], 'getitem'],
  ['channels from the second one on', [reverse([rest, { start: 1, stop: null, step: -1 }])], 'getitem'],
])('refuses %s by name', async (_, layers, output) => {
  await expect(reading([input, ...layers], output, '3.15.1')).rejects.toThrow(/GetItem|Stack|SlicingOpLambda/);
});
