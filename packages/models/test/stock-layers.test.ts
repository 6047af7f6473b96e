import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import h5wasm from 'h5wasm';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type ModelWarning, readKerasModel, readKerasWeights, readLayersModel } from '../src/node/index.js';
import { keras } from './keras/golden.js';
import { toDisk } from './saved-model.js';

beforeAll(() => tf.setBackend('cpu').then(() => {}));
guardTensors({ beforeEach, afterEach });

type Layer = Record<string, unknown>;

/** Reads a model of Keras 3 from `model.json`: layers one after the other, with weights by name. */
async function reading(
  layers: readonly Layer[],
  weights: Record<string, { shape: number[]; values: number[] }> = {},
  version = '3.15.1',
): Promise<{ model: LayersModel; warnings: ModelWarning[] }> {
  const config = { name: 'net', layers, build_input_shape: [null, 4] };
  const manifest = Object.entries(weights).map(([name, { shape }]) => ({ name, shape, dtype: 'float32' as const }));
  const bytes = Float32Array.from(Object.values(weights).flatMap(({ values }) => values));
  const json = {
    modelTopology: { keras_version: version, model_config: { class_name: 'Sequential', config } },
    weightsManifest: [{ paths: ['weights.bin'], weights: manifest }],
  };
  const path = await toDisk({ json, files: new Map([['weights.bin', new Uint8Array(bytes.buffer)]]) });
  const warnings: ModelWarning[] = [];
  return { model: await readLayersModel(path, { onWarning: warning => warnings.push(warning) }), warnings };
}

const layer = (class_name: string, options: Layer = {}): Layer => ({
  class_name,
  config: { name: class_name.toLowerCase(), trainable: true, ...options },
});

it('passes images on where Keras 3 writes training beside the call of a random layer', async () => {
  const shape = [null, 2, 2, 1];
  const entry = (class_name: string, name: string, config: Layer, inbound_nodes: unknown[]): Layer => ({
    class_name,
    name,
    config: { name, ...config },
    inbound_nodes,
  });
  const tensor = {
    class_name: '__keras_tensor__',
    config: { shape, dtype: 'float32', keras_history: ['input', 0, 0] },
  };
  const layers = [
    entry('InputLayer', 'input', { batch_shape: shape }, []),
    entry('RandomFlip', 'flip', { mode: 'horizontal' }, [{ args: [tensor], kwargs: { training: true } }]),
  ];
  const config = { name: 'net', layers, input_layers: [['input', 0, 0]], output_layers: [['flip', 0, 0]] };
  const modelTopology = { keras_version: '3.15.1', model_config: { class_name: 'Functional', config } };
  const path = await toDisk({ json: { modelTopology, weightsManifest: [] }, files: new Map() });
  const model = await readLayersModel(path, { onWarning: () => {} });
  const output = tf.tidy(() => model.predict(tf.tensor([1, 2, 3, 4], [1, 2, 2, 1])) as tf.Tensor);
  expect([...(await output.data())]).toEqual([1, 2, 3, 4]);
  output.dispose();
  model.dispose();
});

async function outputOf(model: LayersModel, row: readonly number[]): Promise<number[]> {
  const output = tf.tidy(() => model.predict(tf.tensor([[...row]])) as tf.Tensor);
  const values = [...(await output.data())];
  output.dispose();
  model.dispose();
  return values;
}

it.each(['augmented2.h5', 'augmented3.keras'])(
  '%s, a network as tutorials on transfer learning make it, computes what Keras does',
  async file => {
    const golden = JSON.parse(await readFile(keras('augmented.json'), 'utf8')) as Record<string, number[]>;
    const warnings: ModelWarning[] = [];
    const model = await readKerasModel(keras(file), { onWarning: warning => warnings.push(warning) });
    const output = tf.tidy(() => model.predict(tf.tensor(golden.image as number[], [2, 6, 6, 2])) as tf.Tensor);
    const values = await output.data();
    const largest = Math.max(...(golden[file] as number[]).map(Math.abs));
    for (const [i, value] of (golden[file] as number[]).entries())
      expect(Math.abs((values[i] as number) - value) / largest).toBeLessThan(1e-5);
    expect(model.weights.map(({ originalName }) => originalName).filter(name => /kernel|gamma/.test(name))).toEqual(
      expect.arrayContaining(['conv/kernel', 'mix/kernel', 'gate/kernel', 'head/kernel', 'norm/gamma']),
    );
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'AUGMENTATION_LEFT_OUT',
        layers: ['random_flip', 'random_rotation', 'random_contrast'],
      }),
    ]);
    output.dispose();
    model.dispose();
  },
);

it('whoever does not listen hears of left out layers on the console, with their names made printable', async () => {
  const spoken = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const model = await readKerasModel(keras('augmented3.keras'));
  model.dispose();
  expect(spoken.mock.calls.flat()).toEqual([expect.stringContaining('random_flip, random_rotation, random_contrast')]);
  spoken.mockRestore();
});

// (x − 1) / √4 = 0.5 x − 0.5 and (x − 2) / √16 = 0.25 x − 0.5; a variance of 0 divides by 1e-7.
it('statistics of a normalization in a manifest are those of its Rescaling, and no weights any more', async () => {
  const { model } = await reading([layer('Normalization', { axis: [-1], mean: null, variance: null })], {
    'net/normalization/mean': { shape: [4], values: [1, 2, 0, 0] },
    'net/normalization/variance': { shape: [4], values: [4, 16, 1, 0] },
    'net/normalization/count': { shape: [], values: [7] },
  });
  expect(model.weights).toEqual([]);
  const [a, b, c, d] = await outputOf(model, [3, 6, 5, 1]);
  expect([a, b, c]).toEqual([1, 1, 5]);
  expect(d).toBeCloseTo(1e7, -1);
});

it('an inverted normalization multiplies by the deviation and adds the mean', async () => {
  const { model } = await reading([layer('Normalization', { axis: null, mean: 10, variance: 4, invert: true })]);
  expect(await outputOf(model, [0, 1, 2, -1])).toEqual([10, 12, 14, 8]);
});

it('statistics along another axis than the last are refused by name', async () => {
  const options = { batch_input_shape: [null, 4, 4], axis: [1], mean: [1, 2, 3, 4], variance: [1, 1, 1, 1] };
  await expect(reading([layer('Normalization', options)])).rejects.toMatchObject({
    code: 'UNSUPPORTED_LAYER_OPTION',
    message: expect.stringContaining('axis'),
  });
});

const points = [-4, -0.3, 0.7, 4];
// By the definitions in Keras 3.15.
it.each([
  ['hard_sigmoid', [0, 2.7 / 6, 3.7 / 6, 1]],
  ['hard_silu', [0, (-0.3 * 2.7) / 6, (0.7 * 3.7) / 6, 4]],
  ['hard_swish', [0, (-0.3 * 2.7) / 6, (0.7 * 3.7) / 6, 4]],
  ['hard_tanh', [-1, -0.3, 0.7, 1]],
  ['leaky_relu', [-0.8, -0.06, 0.7, 4]],
  ['celu', [Math.expm1(-4), Math.expm1(-0.3), 0.7, 4]],
  ['soft_shrink', [-3.5, 0, 0.2, 3.5]],
  ['sparse_sigmoid', [0, 0.35, 0.85, 1]],
  ['tanh_shrink', [-4 + Math.tanh(4), -0.3 + Math.tanh(0.3), 0.7 - Math.tanh(0.7), 4 - Math.tanh(4)]],
  ['log_sigmoid', points.map(x => -Math.log1p(Math.exp(-x)))],
  ['relu6', [0, 0, 0.7, 4]],
  ['silu', points.map(x => x / (1 + Math.exp(-x)))],
  ['log_softmax', points.map(x => x - Math.log(points.reduce((sum, y) => sum + Math.exp(y), 0)))],
])(
  "the activation %s computes what Keras 3 does, in a layer of its own and in another one's",
  async (word, expected) => {
    const own = await reading([layer('Activation', { activation: word })]);
    const kernel = { shape: [4, 4], values: Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)) };
    const dense = await reading([layer('Dense', { units: 4, use_bias: false, activation: word })], {
      'dense/kernel': kernel,
    });
    for (const { model } of [own, dense]) {
      const values = await outputOf(model, points);
      for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 5);
    }
  },
);

it.each(['exponential', 'glu', 'hard_shrink', 'sparse_plus', 'sparsemax', 'squareplus', 'threshold'])(
  'the activation %s, which no layers make, is refused by name',
  async activation => {
    await expect(reading([layer('Activation', { activation })])).rejects.toMatchObject({
      code: 'UNREGISTERED_CLASS',
      message: expect.stringContaining(`"${activation}"`),
    });
  },
);

it('quantized weights are refused by name, and not taken for plain integers', async () => {
  const dtype = { class_name: 'QuantizedDTypePolicy', config: { mode: 'int8', source_name: 'float32' } };
  const kernel = { shape: [4, 1], values: [1, 2, 3, 4] };
  await expect(
    reading([layer('Dense', { units: 1, use_bias: false, dtype })], { 'dense/kernel': kernel }),
  ).rejects.toMatchObject({ code: 'UNSUPPORTED_LAYER_OPTION', message: expect.stringContaining('int8') });
});

it('a random layer that is called with training=True is refused, for it is random everywhere', async () => {
  const call = [[['image', 0, 0, { training: true }]]];
  const layers = [
    { ...layer('InputLayer', { batch_input_shape: [null, 4, 4, 1] }), name: 'image', inbound_nodes: [] },
    { ...layer('RandomFlip'), name: 'randomflip', inbound_nodes: call },
  ];
  (layers[0] as Layer).config = { name: 'image', batch_input_shape: [null, 4, 4, 1] };
  const config = { name: 'net', layers, input_layers: [['image', 0, 0]], output_layers: [['randomflip', 0, 0]] };
  const json = {
    modelTopology: { keras_version: '2.15.0', model_config: { class_name: 'Functional', config } },
    weightsManifest: [],
  };
  await expect(readLayersModel(await toDisk({ json, files: new Map() }))).rejects.toMatchObject({
    code: 'UNSUPPORTED_LAYER_OPTION',
    message: expect.stringContaining('training'),
  });
});

it('a crop is passed on where there is nothing to cut, and refused by name elsewhere', async () => {
  const crop = (size: number): Layer =>
    layer('RandomCrop', { height: size, width: size, batch_input_shape: [null, 4, 4, 1] });
  const { model, warnings } = await reading([crop(4)]);
  expect(model.outputShape).toEqual([null, 4, 4, 1]);
  expect(warnings[0]?.layers).toEqual(['randomcrop']);
  model.dispose();
  await expect(reading([crop(3)])).rejects.toMatchObject({ code: 'UNSUPPORTED_LAYER_OPTION' });
});

it('RandomWidth of TensorFlow.js, which resizes outside of training too, stays what it is there', async () => {
  const options = { factor: 0.2, batch_input_shape: [null, 4, 4, 1] };
  // TensorFlow.js gives it a width of -1.
  await expect(reading([layer('RandomWidth', options)], {}, 'tfjs-layers 4.22.0')).rejects.toMatchObject({
    message: expect.stringContaining('(RandomWidth): Negative dimension'),
  });
  const { model } = await reading([layer('RandomWidth', options)], {}, '2.15.0');
  expect(model.outputShape).toEqual([null, 4, 4, 1]);
  model.dispose();
});

it('kernels of 8-bit integers in a file of weights are refused with what to do', async () => {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/quantized.h5', 'w');
  file.create_attribute('layer_names', ['fc']);
  const group = file.create_group('fc');
  group.create_attribute('weight_names', ['fc/kernel', 'fc/kernel_scale']);
  const inner = group.create_group('fc');
  inner.create_dataset({ name: 'kernel', data: Int8Array.of(1, 2, 3, 4), shape: [2, 2] });
  inner.create_dataset({ name: 'kernel_scale', data: Float32Array.of(9, 9), shape: [2] });
  file.close();
  const folder = await mkdtemp(join(tmpdir(), 'espalier-quantized-'));
  const path = join(folder, 'quantized.h5');
  await writeFile(path, FS.readFile('/quantized.h5') as Uint8Array);
  await expect(readKerasWeights(path)).rejects.toMatchObject({
    code: 'KERAS_TENSOR_UNSUPPORTED',
    message: expect.stringContaining('model.quantize'),
  });
  await rm(folder, { recursive: true });
});
