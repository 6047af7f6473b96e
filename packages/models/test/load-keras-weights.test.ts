import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { EspalierError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type KerasLoadOptions,
  type KerasTensor,
  loadKerasWeights,
  loadTorchWeights,
  mobileNetV1,
  resnet20,
  resnet50,
  vgg16,
} from '../src/index.js';
import { checkpointOf, torchvisionNames } from './checkpoint-of.js';
import { modelOf, weightsOf } from './layers-model.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

type Tensors = Map<string, KerasTensor>;

/** Keras's name of a weight of ours. */
type Naming = (layer: string, parameter: string) => string;

const same: Naming = (layer, parameter) => `${layer}/${parameter}`;

const mobileNet: Naming = (layer, parameter) => `${layer === 'logits' ? 'conv_preds' : layer}/${parameter}:0`;

/** Layers of VGG-16 in the order of ours, as `keras.applications.VGG16(weights=None)` of Keras 3.15.1 lists them. */
const vggLayers = [
  ...['block1_conv1', 'block1_conv2', 'block2_conv1', 'block2_conv2', 'block3_conv1', 'block3_conv2', 'block3_conv3'],
  ...['block4_conv1', 'block4_conv2', 'block4_conv3', 'block5_conv1', 'block5_conv2', 'block5_conv3'],
  ...['fc1', 'fc2', 'predictions'],
];

const resNet: Naming = (layer, parameter) => {
  const name = layer
    .replace(/^(conv|bn)1$/, 'conv1_$1')
    .replace(/^fc$/, 'predictions')
    .replace(/^layer(\d)_(\d)_downsample_0$/, (_, stage, block) => `conv${+stage + 1}_block${+block + 1}_0_conv`)
    .replace(/^layer(\d)_(\d)_downsample_1$/, (_, stage, block) => `conv${+stage + 1}_block${+block + 1}_0_bn`)
    .replace(
      /^layer(\d)_(\d)_(conv|bn)(\d)$/,
      (_, stage, block, kind, place) => `conv${+stage + 1}_block${+block + 1}_${place}_${kind}`,
    );
  return `${name}/${parameter}`;
};

/** Numbers for every weight, each its own, every second entry of a kernel a zero. */
function tensorsOf(model: layers.LayersModel, naming: Naming): Tensors {
  let next = 0;
  return new Map(
    model.weights.map(weight => {
      const [layer, parameter] = weight.originalName.split('/') as [string, string];
      const shape = weight.shape as number[];
      const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) =>
        shape.length > 1 && i % 2 === 0 ? 0 : ++next / 1024,
      );
      return [naming(layer, parameter), { shape, values }];
    }),
  );
}

/** Weights by name as they are in the model. */
const contents = async (model: layers.LayersModel): Promise<Map<string, number[]>> => new Map(await weightsOf(model));

const expected = (tensors: Tensors): number[][] => [...tensors.values()].map(({ values }) => Array.from(values));

it("MobileNet's weights fill every layer, its last convolution the dense layer, and zeros stay zeros", async () => {
  const model = mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 1 / 32, classes: 3 });
  const tensors = tensorsOf(model, mobileNet);
  const { shape, values } = tensors.get('conv_preds/kernel:0')!;
  tensors.set('conv_preds/kernel:0', { shape: [1, 1, ...shape], values });
  const report = loadKerasWeights(model, tensors);
  expect(report).toEqual({ application: 'MobileNet', skipped: [], folded: [], preprocessing: 'tf' });
  const loaded = await contents(model);
  expect([...loaded.values()]).toEqual(expected(tensors));
  expect(loaded.get('logits/kernel')!.filter(value => value === 0)).toHaveLength(48); // half of 32 x 3
  model.dispose();
});

it('depthwise kernels may be called kernel, as Keras 3 does, and weights may be numbered', async () => {
  const model = mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 1 / 32, classes: 3 });
  const order = ['gamma', 'beta', 'moving_mean', 'moving_variance'];
  const numbered: Naming = (layer, parameter) => {
    if (parameter === 'depthwise_kernel') return `mobilenet/${layer}/kernel`;
    const place = layer.endsWith('_bn') ? order.indexOf(parameter) : ['kernel', 'bias'].indexOf(parameter);
    return `mobilenet/${layer}/${place}`;
  };
  const tensors = tensorsOf(model, numbered);
  loadKerasWeights(model, tensors);
  expect([...(await contents(model)).values()]).toEqual(expected(tensors));
  model.dispose();
});

it("VGG16's weights go into our layers in their order, and the first dense layer keeps its rows", async () => {
  const model = vgg16({ inputShape: [64, 64, 3], width: 1, hidden: 2, classes: 3 });
  const ours = model.layers.filter(layer => layer.weights.length > 0).map(({ name }) => name);
  expect(ours).toHaveLength(vggLayers.length);
  const tensors = tensorsOf(model, (layer, parameter) => `${vggLayers[ours.indexOf(layer)]}/${parameter}`);
  expect(loadKerasWeights(model, tensors)).toMatchObject({ application: 'VGG16', preprocessing: 'caffe' });
  expect([...(await contents(model)).values()]).toEqual(expected(tensors));
  model.dispose();
});

const narrow = { inputShape: [32, 32, 3], width: 1, classes: 3 } as const;

/** ResNet50's weights, a bias of 0.5 for every convolution included. */
function resNetTensors(model: layers.LayersModel): Tensors {
  const tensors = tensorsOf(model, resNet);
  for (const [name, { shape }] of [...tensors]) {
    if (!name.endsWith('_conv/kernel')) continue;
    const filters = shape[3]!;
    tensors.set(name.replace('kernel', 'bias'), { shape: [filters], values: new Array<number>(filters).fill(0.5) });
  }
  return tensors;
}

it("ResNet50's biases are taken from the moving means, and everything else is copied", async () => {
  const model = resnet50({ ...narrow, strideAt: '1x1' });
  const tensors = resNetTensors(model);
  const report = loadKerasWeights(model, tensors);
  expect(report).toMatchObject({ application: 'ResNet50', skipped: [], preprocessing: 'caffe' });
  expect(report.folded).toHaveLength(53);
  for (const [name, values] of await contents(model)) {
    const [layer, parameter] = name.split('/') as [string, string];
    const source = Array.from(tensors.get(resNet(layer, parameter))!.values);
    expect(values, name).toEqual(parameter === 'moving_mean' ? source.map(value => Math.fround(value - 0.5)) : source);
  }
  model.dispose();
});

it('weights of a model of ours load into another of the same', async () => {
  const model = resnet20({ inputShape: [8, 8, 3], width: 2, classes: 3 });
  const tensors = tensorsOf(model, same);
  expect(loadKerasWeights(model, tensors)).toMatchObject({ application: undefined, preprocessing: undefined });
  expect([...(await contents(model)).values()]).toEqual(expected(tensors));
  model.dispose();
});

it('a head of other classes, or none, is left out on request, and the rest is loaded', async () => {
  const model = mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 1 / 32, classes: 5 });
  const head = (await contents(model)).get('logits/kernel');
  const tensors = tensorsOf(model, mobileNet);
  const other = { shape: [1, 1, 32, 2], values: new Float32Array(64) };
  tensors.set('conv_preds/kernel:0', other).set('conv_preds/bias:0', { shape: [2], values: [0, 0] });
  const names = ['conv_preds/kernel:0', 'conv_preds/bias:0'];
  expect(loadKerasWeights(model, tensors, { head: 'keep' }).skipped).toEqual(names);
  for (const name of names) tensors.delete(name);
  expect(loadKerasWeights(model, tensors, { head: 'keep' })).toMatchObject({ application: 'MobileNet', skipped: [] });
  const loaded = await contents(model);
  expect(loaded.get('logits/kernel')).toEqual(head);
  expect(loaded.get('conv1/kernel')).toEqual(Array.from(tensors.get('conv1/kernel:0')!.values));
  model.dispose();
});

function refusal(model: layers.LayersModel, tensors: Tensors, options?: KerasLoadOptions): unknown {
  const before = tf.memory().numTensors;
  let caught: unknown;
  try {
    loadKerasWeights(model, tensors, options);
  } catch (error) {
    caught = error;
  }
  expect(tf.memory().numTensors).toBe(before);
  expect(EspalierError.isInstance(caught)).toBe(true);
  return caught;
}

const bias = (...values: number[]): KerasTensor => ({ shape: [values.length], values });

it.each<[string, (tensors: Tensors) => unknown, object]>([
  ['a missing tensor', t => t.delete('fc/bias'), { code: 'KERAS_TENSORS_MISMATCH', missing: ['fc/bias'], unknown: [] }],
  [
    'an unknown tensor',
    t => t.set('other/kernel', bias(1)),
    { code: 'KERAS_TENSORS_MISMATCH', missing: [], unknown: ['other/kernel'] },
  ],
  [
    'a bias that the model does not have',
    t => t.set('conv/bias', bias(1)),
    { code: 'KERAS_TENSORS_MISMATCH', unknown: ['conv/bias'] },
  ],
  [
    'a weight in a place that the layer does not have',
    t => t.set('fc/2', bias(1)),
    { code: 'KERAS_TENSORS_MISMATCH', unknown: ['fc/2'] },
  ],
  [
    'another number of classes',
    t => t.set('fc/kernel', { shape: [2, 3], values: new Float32Array(6) }),
    { code: 'KERAS_SHAPE_MISMATCH', tensor: 'fc/kernel', weight: 'fc/kernel', expected: [2, 2], actual: [2, 3] },
  ],
  [
    'a kernel of as many values in another layout',
    t => t.set('conv/kernel', { shape: [2, 1, 1, 1], values: [1, 2] }),
    { code: 'KERAS_SHAPE_MISMATCH', expected: [1, 1, 1, 2], actual: [2, 1, 1, 1] },
  ],
  [
    'fewer values than the shape has entries',
    t => t.set('fc/bias', { shape: [2], values: [1] }),
    { code: 'INVALID_KERAS_TENSOR', tensor: 'fc/bias' },
  ],
  ['a name without a layer', t => t.set('kernel', bias(1)), { code: 'INVALID_KERAS_TENSOR', tensor: 'kernel' }],
  [
    'two tensors for one weight',
    t => t.set('model/fc/bias:0', bias(1, 2)),
    { code: 'INVALID_KERAS_TENSOR', tensor: 'model/fc/bias:0' },
  ],
  ['a weight by name and by place', t => t.set('fc/1', bias(1, 2)), { code: 'INVALID_KERAS_TENSOR', tensor: 'fc/1' }],
])('%s is refused, and nothing is written', async (_, damage, fields) => {
  const conv = layers.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 1, useBias: false });
  const model = modelOf(
    [1, 1, 1],
    conv,
    layers.layers.flatten({ name: 'flat' }),
    layers.layers.dense({ name: 'fc', units: 2 }),
  );
  const before = await weightsOf(model);
  const tensors = tensorsOf(model, same);
  damage(tensors);
  expect(refusal(model, tensors)).toMatchObject(fields);
  expect(await weightsOf(model)).toEqual(before);
  model.dispose();
});

it("ResNet50's weights are refused by version 1.5, by a border at the end, and a bias of another length by all", () => {
  const code = 'KERAS_ARCHITECTURE_MISMATCH';
  const torch = resnet50(narrow);
  const stride = { code, layer: 'layer2_0_conv1', setting: 'stride', expected: 2, actual: 1 };
  expect(refusal(torch, resNetTensors(torch))).toMatchObject(stride);
  expect((refusal(torch, resNetTensors(torch)) as Error).message).toContain("resnet50({ strideAt: '1x1' })");
  const end = resnet50({ ...narrow, strideAt: '1x1', poolPadding: 'end' });
  expect(refusal(end, resNetTensors(end))).toMatchObject({ code, layer: 'maxpool_pad', expected: 1, actual: 0 });
  const keras = resnet50({ ...narrow, strideAt: '1x1' });
  const wrong = resNetTensors(keras).set('conv1_conv/bias', bias(1, 2));
  expect(refusal(keras, wrong)).toMatchObject({ code: 'KERAS_SHAPE_MISMATCH', tensor: 'conv1_conv/bias' });
  for (const model of [torch, end, keras]) model.dispose();
});

it("MobileNet's weights are refused by the variant of PyTorch, whose epsilon is another", () => {
  const model = mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 1 / 32, classes: 3, variant: 'torch' });
  const fields = { code: 'KERAS_ARCHITECTURE_MISMATCH', layer: 'conv1_bn', expected: 1e-3, actual: 1e-5 };
  expect(refusal(model, tensorsOf(model, mobileNet), { head: 'load' })).toMatchObject(fields);
  model.dispose();
});

it("PyTorch's weights are refused by a ResNet-50 with the stride on the 1x1 convolutions", async () => {
  const model = resnet50({ ...narrow, strideAt: '1x1' });
  const checkpoint = await checkpointOf(model, torchvisionNames);
  const fields = { code: 'TORCH_ARCHITECTURE_MISMATCH', layer: 'layer2_0_conv1', expected: 1, actual: 2 };
  expect(() => loadTorchWeights(model, checkpoint)).toThrow(expect.objectContaining(fields));
  model.dispose();
});

it('the place of the stride leaves the shapes of blocks as they are, and any other place is refused', () => {
  const torch = resnet50(narrow);
  const keras = resnet50({ ...narrow, strideAt: '1x1' });
  const names = ({ weights }: layers.LayersModel): string[] => weights.map(({ originalName }) => originalName);
  expect(names(keras)).toEqual(names(torch));
  expect(keras.getLayer('layer2_0_conv1').outputShape).toEqual([null, 4, 4, 2]);
  expect(torch.getLayer('layer2_0_conv1').outputShape).toEqual([null, 8, 8, 2]);
  expect(keras.getLayer('layer2_0_add').outputShape).toEqual(torch.getLayer('layer2_0_add').outputShape);
  const options = { ...narrow, strideAt: '7x7' as '1x1' };
  expect(() => resnet50(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option: 'strideAt' }));
  torch.dispose();
  keras.dispose();
});
