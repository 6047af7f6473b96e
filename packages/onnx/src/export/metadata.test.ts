import '@tensorflow/tfjs-backend-cpu';
import { activeMagnitude, fixed, uniform } from '@espalier/core';
import { afterwards, guardTensors } from '@espalier/core/testing';
import { modelWeights, PruningSession, pruneOnce, setModelNormalization } from '@espalier/core/tfjs';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { difference, fillWeights, inputsOf, predict } from '../../test/agreement.js';
import { fieldsOf, metadataIn } from '../../test/metadata-in.js';
import { runOnnx } from '../../test/run-onnx.js';
import { exportOnnx } from './export-onnx.js';

beforeAll(() => tfc.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

function network(): tf.LayersModel {
  const model = afterwards(
    tf.sequential({
      layers: [
        tf.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, inputShape: [6, 6, 2] }),
        tf.layers.flatten({ name: 'flat' }),
        tf.layers.dense({ name: 'head', units: 5 }),
      ],
    }),
  );
  fillWeights(model, 2);
  return model;
}

it('the zeros of pruning are in the file, and their fraction in its metadata', async () => {
  const model = network();
  await pruneOnce(modelWeights(model), activeMagnitude, 0.75, uniform);
  const bytes = await exportOnnx(model, { classNames: ['a', 'b', 'c', 'd', 'e'] });
  const { sparsity, class_names } = metadataIn(bytes);
  expect(Number(sparsity)).toBeCloseTo(0.75, 6); // 54 of 72 and 240 of 320 entries
  expect(JSON.parse(class_names as string)).toEqual(['a', 'b', 'c', 'd', 'e']);
  const [graph] = fieldsOf(bytes, 7);
  const zeros = fieldsOf(graph as Uint8Array, 5) // initializers, with raw_data as field 9
    .flatMap(tensor => fieldsOf(tensor, 9))
    .map(raw => [...new Float32Array(raw.slice().buffer)].filter(value => value === 0).length);
  expect(zeros.sort((a, b) => b - a).slice(0, 2)).toEqual([240, 54]);
});

it('a checkpoint is written as the model that it holds, with its normalization', async () => {
  const model = network();
  setModelNormalization(model, { name: 'own', mean: [0.5], std: [0.25] });
  const optimizer = afterwards(tfc.train.sgd(0.1));
  const masks = new Map([['head/kernel', Uint8Array.from({ length: 320 }, (_, index) => index % 2)]]);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer, masks });
  const checkpoint = await session.checkpoint({ model });
  session.dispose();
  const bytes = await exportOnnx(checkpoint);
  expect(Number(metadataIn(bytes).sparsity)).toBeCloseTo(160 / 392, 6); // half of 320 of 392 entries
  expect(JSON.parse(metadataIn(bytes).normalization as string)).toEqual({ name: 'own', mean: [0.5], std: [0.25] });
  const inputs = inputsOf(model, 2);
  const [{ head: expected }, { head: actual }] = [
    await predict(model, Object.values(inputs)),
    await runOnnx(bytes, inputs),
  ];
  expect(difference(actual, expected)).toBeLessThan(1e-4);
});

it('every layer that cannot be written is named in one error, and no tensor stays', async () => {
  const model = afterwards(
    tf.sequential({
      layers: [
        tf.layers.conv2d({
          name: 'first',
          filters: 2,
          kernelSize: 1,
          dataFormat: 'channelsFirst',
          inputShape: [2, 4, 4],
        }),
        tf.layers.reshape({ name: 'rows', targetShape: [8, 4] }),
        tf.layers.lstm({ name: 'memory', units: 3, recurrentInitializer: 'zeros', unitForgetBias: false }),
        tf.layers.repeatVector({ name: 'again', n: 2 }),
      ],
    }),
  );
  const error = await exportOnnx(model).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ONNX_LAYERS_UNSUPPORTED' });
  expect((error as { layers: unknown }).layers).toEqual([
    { name: 'first', className: 'Conv2D', reason: 'its images have the channels first; write it with channels last' },
    { name: 'memory', className: 'LSTM', reason: '' },
    { name: 'again', className: 'RepeatVector', reason: '' },
  ]);
});

it.each([
  [{ channels: 'nchw' }, 'INVALID_OPTION'],
  [{ batchSize: 0 }, 'INVALID_OPTION'],
  [{ classNames: [1] }, 'INVALID_OPTION'],
  [{ normalization: { mean: [1], std: [0] } }, 'INVALID_OPTION'],
  [{ inputShapes: [3] }, 'INVALID_OPTION'],
  [{ inputShapes: [] }, 'INVALID_OPTION'],
  [{ opset: 11 }, 'UNKNOWN_OPTION'],
])('the options %j are refused', async (options, code) => {
  await expect(exportOnnx(network(), options as never)).rejects.toMatchObject({ code });
});

it('what is neither a model nor a checkpoint is refused', async () => {
  for (const source of [undefined, null, {}, [], 'model', { weights: new Map() }])
    await expect(exportOnnx(source as never)).rejects.toHaveProperty('code');
});
