import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { efficientnetLite0, loadTorchWeights, type TorchTensor } from '../src/index.js';
import { checkpointOf, type Naming, timmNames, underscoredNames } from './checkpoint-of.js';
import { fill } from './formula.js';

// Zeros in place of the first weights, which are overwritten.
vi.mock('../src/layers/initializer.js', () => {
  const zeros = (): unknown => layers.initializers.zeros();
  return { heNormal: zeros, leCunNormal: zeros, depthwiseHeNormal: zeros };
});

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const small = { inputShape: [32, 32, 3], classes: 3 } as const;

/** A checkpoint with the names of another program, every tensor with values of its own. */
async function filled(model: layers.LayersModel, naming: Naming): Promise<Map<string, TorchTensor>> {
  const empty = await checkpointOf(model, naming);
  return new Map([...empty].map(([name, { shape }]) => [name, fill(name, shape, 1)]));
}

/** Names of tensors that a model holds otherwise; `toEqual` takes seconds for millions of entries. */
async function differing(
  model: layers.LayersModel,
  naming: Naming,
  expected: ReadonlyMap<string, TorchTensor>,
): Promise<string[]> {
  const actual = await checkpointOf(model, naming);
  const bytes = (tensor?: TorchTensor): Buffer =>
    Buffer.from(new Float32Array((tensor?.values ?? []) as Float32Array).buffer);
  return [...expected].filter(([name, tensor]) => !bytes(actual.get(name)).equals(bytes(tensor))).map(([name]) => name);
}

it.each([
  ['keras', 'efficientnet-lite', 1e-3],
  ['torch', 'imagenet', 1e-5],
] as const)(
  "EfficientNet-Lite, variant %s, takes timm's names and says %s",
  async (variant, normalization, epsilon) => {
    const model = efficientnetLite0({ ...small, variant });
    const checkpoint = await filled(model, timmNames);
    expect([...checkpoint.keys()].filter(name => /^blocks\.1\.0/.test(name)).slice(0, 2)).toEqual([
      'blocks.1.0.conv_pw.weight',
      'blocks.1.0.bn1.weight',
    ]);
    expect(loadTorchWeights(model, checkpoint, { epsilon })).toMatchObject({ resize: 'bilinear', normalization });
    expect(await differing(model, timmNames, checkpoint)).toEqual([]);
    expect(() => loadTorchWeights(model, checkpoint, { epsilon: 2e-3 })).toThrow(/epsilon/);
    model.dispose();
  },
);

it("takes efficientnet_lite_pytorch's names, whose blocks are counted from 0, and knows its epsilon", async () => {
  const model = efficientnetLite0(small);
  const checkpoint = await filled(model, underscoredNames);
  expect([...checkpoint.keys()].slice(5, 8)).toEqual([
    '_blocks.0._depthwise_conv.weight',
    '_blocks.0._bn1.weight',
    '_blocks.0._bn1.bias',
  ]);
  expect(checkpoint.has('_blocks.15._bn2.running_var') && checkpoint.has('_fc.bias')).toBe(true);
  expect(loadTorchWeights(model, checkpoint)).toMatchObject({ resize: 'bicubic', normalization: 'efficientnet-lite' });
  expect(await differing(model, underscoredNames, checkpoint)).toEqual([]);
  const other = efficientnetLite0({ ...small, variant: 'torch' });
  expect(() => loadTorchWeights(other, checkpoint)).toThrow(/epsilon/);
  for (const built of [model, other]) built.dispose();
});
