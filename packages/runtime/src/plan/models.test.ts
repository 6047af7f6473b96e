import '@tensorflow/tfjs-backend-cpu';
import { lenet300, resnet20, smallConvNet } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, noise, predicted, sparsify } from '../../test/plan/compare.js';
import type { CompileOptions, Lanes } from '../executor/options.js';
import { fromLayersModel } from '../tfjs/from-layers-model.js';
import { compile } from './compile.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const models: readonly (readonly [name: string, create: () => LayersModel])[] = [
  ['LeNet-300-100', () => lenet300()],
  ['the small conv net', () => smallConvNet({ inputShape: [19, 23, 3], classes: 7 })],
  ['a ResNet-20 of width 8', () => resnet20({ width: 8 })],
];

/** Compiles a model with random masks, and compares it with the model itself on two inputs. */
async function compare(create: () => LayersModel, density: number, options: CompileOptions): Promise<void> {
  const before = tf.memory().numTensors;
  const model = create();
  sparsify(model, density, 5);
  const plan = await compile(await fromLayersModel(model), options);
  const input = noise(2 * plan.inputShape.reduce((product, size) => product * size, 1), 3);
  expectClose(await plan.run(input, { batch: 2 }), await predicted(model, input));
  await plan.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

describe.each(models)('%s', (_, create) => {
  it.each([16, 28, 32] as Lanes[])('gives what TensorFlow.js gives, in tiles of %d pixels', lanes =>
    compare(create, 0.2, { lanes, threads: 1 }),
  );
  it('gives what TensorFlow.js gives when nothing is pruned', () => compare(create, 1, { threads: 1 }));
  it('gives what TensorFlow.js gives on two threads', () => compare(create, 0.1, { threads: 2 }));
  it('gives what TensorFlow.js gives on three threads', () => compare(create, 0.5, { threads: 3, lanes: 16 }));
});
