import '@tensorflow/tfjs-backend-cpu';
import { EspalierError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  loadTorchWeights,
  mobileNetV1,
  resnet50,
  type TensorsMismatchError,
  type TorchLoadOptions,
  type TorchTensor,
  vgg16,
} from '../src/index.js';
import { checkpointOf, mobileNetNames, riglNames, torchvisionNames } from './checkpoint-of.js';

const small = { inputShape: [32, 32, 3], classes: 2 } as const;
let model: layers.LayersModel;
let good: ReadonlyMap<string, TorchTensor>;
beforeAll(async () => {
  await tf.setBackend('cpu');
  model = resnet50({ ...small, width: 1 });
  good = await checkpointOf(model, torchvisionNames);
});
afterAll(() => model.dispose());

type Checkpoint = Map<string, TorchTensor>;

function refusal(target: layers.LayersModel, tensors: Checkpoint, options?: TorchLoadOptions): unknown {
  const before = tf.memory().numTensors;
  let caught: unknown;
  try {
    loadTorchWeights(target, tensors, options);
  } catch (error) {
    caught = error;
  }
  expect(tf.memory().numTensors).toBe(before);
  expect(EspalierError.isInstance(caught)).toBe(true);
  return caught;
}

const scalar = (value: number): TorchTensor => ({ shape: [1, 1], values: [value] });
const stem = (): TorchTensor => good.get('conv1.weight')!; // [1, 3, 7, 7]
const maskOf = (shape: number[], value: number): TorchTensor => ({ shape, values: new Float32Array(147).fill(value) });

it.each<[string, (checkpoint: Checkpoint) => unknown, object]>([
  [
    'a missing tensor',
    c => c.delete('layer1.0.bn1.running_var'),
    { code: 'TORCH_TENSORS_MISMATCH', missing: ['layer1_0_bn1/moving_variance'], unknown: [] },
  ],
  [
    'an unknown tensor',
    c => c.set('layer1.9.conv1.weight', scalar(1)),
    { code: 'TORCH_TENSORS_MISMATCH', missing: [], unknown: ['layer1.9.conv1.weight'] },
  ],
  [
    'a bias that the model does not have',
    c => c.set('conv1.bias', { shape: [1], values: [0] }),
    { code: 'TORCH_TENSORS_MISMATCH', unknown: ['conv1.bias'] },
  ],
  [
    'a mask without weight',
    c => c.set('conv9._weight_mask', scalar(1)),
    { code: 'TORCH_TENSORS_MISMATCH', unknown: ['conv9._weight_mask'] },
  ],
  [
    'a threshold without weight',
    c => c.set('conv9.sparseThreshold', scalar(1)),
    { code: 'TORCH_TENSORS_MISMATCH', unknown: ['conv9.sparseThreshold'] },
  ],
  ['a tensor without module', c => c.set('weight', scalar(1)), { code: 'TORCH_TENSORS_MISMATCH', unknown: ['weight'] }],
  [
    'another number of classes',
    c => c.set('fc.weight', { shape: [5, 32], values: new Float32Array(160) }),
    {
      code: 'TORCH_SHAPE_MISMATCH',
      tensor: 'fc.weight',
      weight: 'fc/kernel',
      expected: [2, 32],
      actual: [5, 32],
    },
  ],
  [
    'a kernel already in HWIO',
    c => c.set('conv1.weight', { ...stem(), shape: [7, 7, 3, 1] }),
    { code: 'TORCH_SHAPE_MISMATCH', expected: [1, 3, 7, 7], actual: [7, 7, 3, 1] },
  ],
  [
    'fewer values than the shape has entries',
    c => c.set('conv1.weight', { ...stem(), values: [1] }),
    { code: 'INVALID_TORCH_TENSOR', tensor: 'conv1.weight' },
  ],
  [
    'two tensors for one weight',
    c => c.set('module.conv1.weight', stem()),
    { code: 'INVALID_TORCH_TENSOR', tensor: 'module.conv1.weight' },
  ],
  [
    'weights of a quantized network',
    c => c.set('conv1.weight', { dtype: 'I8', shape: [1, 3, 7, 7], bytes: new Uint8Array(147) } as never),
    {
      code: 'INVALID_TORCH_TENSOR',
      tensor: 'conv1.weight',
      message: expect.stringContaining('before it was quantized'),
    },
  ],
  ...['conv1.scale', 'conv1.weight_scale', 'conv1.weight.absmax', 'conv1.zero_point'].map(
    (scale): [string, (c: Checkpoint) => void, object] => [
      `unsigned bytes beside ${scale}`,
      c => {
        c.set('conv1.weight', { dtype: 'U8', shape: [1, 3, 7, 7], bytes: new Uint8Array(147) } as never);
        c.set(scale, { shape: [], values: [0.01] });
      },
      { code: 'INVALID_TORCH_TENSOR', tensor: 'conv1.weight', message: expect.stringContaining('type U8') },
    ],
  ),
  [
    'a mask of another shape',
    c => c.set('conv1._weight_mask', maskOf([147], 1)),
    { code: 'INVALID_TORCH_TENSOR', tensor: 'conv1._weight_mask' },
  ],
  [
    'a mask with halves',
    c => c.set('conv1._weight_mask', maskOf([1, 3, 7, 7], 0.5)),
    { code: 'INVALID_TORCH_TENSOR', tensor: 'conv1._weight_mask' },
  ],
  [
    'a threshold of two numbers',
    c => c.set('conv1.sparseThreshold', { shape: [2], values: [1, 2] }),
    { code: 'INVALID_TORCH_TENSOR', tensor: 'conv1.sparseThreshold' },
  ],
  [
    'a threshold that is NaN',
    c => c.set('conv1.sparseThreshold', scalar(Number.NaN)),
    { code: 'INVALID_TORCH_TENSOR', tensor: 'conv1.sparseThreshold' },
  ],
])('%s is refused, and nothing is written', async (_, damage, fields) => {
  const checkpoint: Checkpoint = new Map(good);
  checkpoint.set('bn1.running_mean', { shape: [1], values: [42] });
  damage(checkpoint);
  expect(refusal(model, checkpoint)).toMatchObject(fields);
  expect(await checkpointOf(model, torchvisionNames)).toEqual(good);
});

it('a checkpoint under a prefix that was not told lists what it has and what is missing', () => {
  const prefixed: Checkpoint = new Map([...good].map(([name, tensor]) => [`net.${name}`, tensor]));
  const caught = refusal(model, prefixed) as TensorsMismatchError;
  expect(caught.unknown).toEqual([...prefixed.keys()]);
  expect(caught.missing).toHaveLength(good.size);
  expect(caught.message).toMatch(
    /^The checkpoint does not fit the model\. Without a tensor: conv1\/kernel, .* and 247 more\./,
  );
  expect(caught.message).toContain('`prefix`');
});

it('a checkpoint without the prefix that was told is refused', () => {
  const caught = refusal(model, new Map(good), { prefix: 'net.' });
  expect(caught).toMatchObject({ code: 'TORCH_TENSORS_MISMATCH', unknown: [...good.keys()] });
});

it('the convolutions of a VGG-16 need their biases: only a head may be stored as a convolution without', async () => {
  const target = vgg16({ ...small, width: 1, hidden: 2 });
  const checkpoint = await checkpointOf(target, torchvisionNames);
  checkpoint.delete('features.0.bias');
  checkpoint.delete('classifier.6.bias');
  const missing = ['features_0/bias', 'classifier_6/bias'];
  expect(refusal(target, checkpoint)).toMatchObject({ code: 'TORCH_TENSORS_MISMATCH', missing });
  target.dispose();
});

it("a MobileNetV1 in Keras's variant is refused: its epsilon is not PyTorch's", async () => {
  const target = mobileNetV1({ ...small, widthMultiplier: 1 / 32 });
  const fields = { code: 'TORCH_ARCHITECTURE_MISMATCH', layer: 'conv1_bn', expected: 1e-5, actual: 1e-3 };
  expect(refusal(target, await checkpointOf(target, mobileNetNames))).toMatchObject(fields);
  target.dispose();
});

it('a checkpoint trained with another epsilon is refused when it says so', () => {
  expect(refusal(model, new Map(good), { epsilon: 1e-3 })).toMatchObject({
    layer: 'bn1',
    expected: 1e-3,
    actual: 1e-5,
  });
});

it("RigL's checkpoints need the pooling's border at the end, and others need it on both sides", async () => {
  const target = resnet50({ ...small, width: 1, poolPadding: 'end' });
  const code = 'TORCH_ARCHITECTURE_MISMATCH';
  expect(refusal(target, new Map(good))).toMatchObject({ code, layer: 'maxpool_pad', expected: 1, actual: 0 });
  expect(refusal(model, await checkpointOf(model, riglNames))).toMatchObject({ code, expected: 0, actual: 1 });
  target.dispose();
});
