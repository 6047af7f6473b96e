import '@tensorflow/tfjs-backend-cpu';
import { guardTensors } from '@espalier/core/testing';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { difference, fillWeights, inputsOf, predict } from '../../test/agreement.js';
import { layerTable } from '../../test/layer-table.js';
import { runOnnx } from '../../test/run-onnx.js';
import { exportOnnx } from './export-onnx.js';

beforeAll(() => tfc.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

it.each(Object.entries(layerTable))('%s: ONNX Runtime computes what TensorFlow.js computes', async (_, make) => {
  const model = tf.sequential({ layers: make() });
  fillWeights(model, 3);
  const inputs = inputsOf(model, 2);
  const [expected, actual] = [
    await predict(model, Object.values(inputs)),
    await runOnnx(await exportOnnx(model), inputs),
  ];
  model.dispose();
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(actual)) expect(difference(value, expected[name])).toBeLessThan(1e-4);
});
