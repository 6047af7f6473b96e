import '@tensorflow/tfjs-backend-cpu';
import { afterwards, guardTensors } from '@espalier/core/testing';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { difference, disposable, fillWeights, inputsOf, predict } from '../../test/agreement.js';
import { layerTable } from '../../test/layer-table.js';
import { networkTable } from '../../test/network-table.js';
import { exportOnnx } from '../export/export-onnx.js';
import { readOnnx } from './read-onnx.js';

beforeAll(() => tfc.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

async function expectSame(model: tf.LayersModel, channels: 'first' | 'last'): Promise<void> {
  afterwards(disposable(model));
  fillWeights(model, 3);
  const inputs = Object.values(inputsOf(model, 2));
  const expected = Object.values(await predict(model, inputs));
  const { model: back } = await readOnnx(await exportOnnx(model, { channels }), { channels });
  afterwards(back);
  const actual = Object.values(await predict(back, inputs));
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(difference(actual[index], value)).toBeLessThan(1e-4);
}

/** What is written in a form that no layer of TensorFlow.js computes. */
const oneWay: readonly string[] = [];

const stacks = Object.entries(layerTable).map(
  ([name, make]) => [name, () => tf.sequential({ layers: make() })] as [string, () => tf.LayersModel],
);

it.each([...stacks, ...Object.entries(networkTable)].filter(([name]) => !oneWay.includes(name)))(
  '%s: written and read again, it computes the same',
  async (_, make) => {
    await expectSame(make(), 'last');
    await expectSame(make(), 'first');
  },
);
