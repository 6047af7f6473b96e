import '@tensorflow/tfjs-backend-cpu';
import { afterwards, guardTensors } from '@espalier/core/testing';
import { mobileNetV1, mobileNetV2, mobileNetV3Small, resnet20 } from '@espalier/models';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Array32, difference, disposable, fillWeights, inputsOf, predict } from '../../test/agreement.js';
import { networkTable } from '../../test/network-table.js';
import { runOnnx } from '../../test/run-onnx.js';
import { exportOnnx } from './export-onnx.js';

beforeAll(() => tfc.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

async function expectSame(model: tf.LayersModel): Promise<void> {
  afterwards(disposable(model));
  fillWeights(model, 7);
  const inputs = inputsOf(model, 2);
  const expected = Object.entries(await predict(model, Object.values(inputs)));
  const actual = Object.values(await runOnnx(await exportOnnx(model), inputs));
  expect(actual).toHaveLength(expected.length);
  for (const [index, [, value]] of expected.entries()) expect(difference(actual[index], value)).toBeLessThan(1e-4);
}

it.each(Object.entries(networkTable))('%s: ONNX Runtime computes what TensorFlow.js computes', async (_, make) => {
  await expectSame(make());
});

it('ResNet-20 and the MobileNets are the same in ONNX Runtime', async () => {
  await expectSame(resnet20({ width: 4 }));
  await expectSame(mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 0.25, classes: 5 }));
  await expectSame(mobileNetV2({ inputShape: [32, 32, 3], widthMultiplier: 0.25, classes: 5 }));
  await expectSame(mobileNetV3Small({ inputShape: [32, 32, 3], widthMultiplier: 0.25, classes: 5 }));
});

/** Channels first, as PyTorch has them. */
function channelsFirst({ values, shape: [batch = 1, height = 1, width = 1, channels = 1] }: Array32): Array32 {
  const turned = tfc.tidy(() =>
    tfc.transpose(tfc.tensor(values, [batch, height, width, channels]), [0, 3, 1, 2]).dataSync(),
  );
  return { values: turned as Float32Array, shape: [batch, channels, height, width] };
}

describe('layout and sizes', () => {
  const model = (): tf.LayersModel =>
    afterwards(
      tf.sequential({
        layers: [
          tf.layers.conv2d({
            name: 'a',
            filters: 2,
            kernelSize: 3,
            strides: 2,
            padding: 'same',
            inputShape: [null, null, 3] as never,
          }),
          tf.layers.conv2d({ name: 'b', filters: 3, kernelSize: 3, padding: 'same' }),
        ],
      }),
    );

  it('inputs and outputs of images have the channels first if that is asked for', async () => {
    const net = model();
    fillWeights(net, 1);
    const { a_input: image } = inputsOf(net, 2) as { a_input: Array32 };
    const { b: expected } = (await predict(net, [image])) as { b: Array32 };
    const bytes = await exportOnnx(net, { channels: 'first', inputShapes: { a_input: [7, 7, 3] } });
    const { b: actual } = await runOnnx(bytes, { a_input: channelsFirst(image) });
    expect(difference(actual, channelsFirst(expected))).toBeLessThan(1e-4);
  });

  it('a batch of a fixed size is the only one that is taken', async () => {
    const net = model();
    const bytes = await exportOnnx(net, { batchSize: 3, inputShapes: { a_input: [7, 7, 3] } });
    await expect(runOnnx(bytes, inputsOf(net, 3))).resolves.toBeDefined();
    await expect(runOnnx(bytes, inputsOf(net, 2))).rejects.toThrow(/[Gg]ot.*2/);
  });

  it('an input of any size is refused unless the options say one that fits', async () => {
    const net = model();
    const code = 'INVALID_OPTION';
    await expect(exportOnnx(net)).rejects.toMatchObject({ code, message: expect.stringContaining('[224, 224, 3]') });
    await expect(exportOnnx(net, { inputShapes: { a_input: [7, 7, 4] } })).rejects.toMatchObject({ code });
    await expect(exportOnnx(net, { inputShapes: { image: [7, 7, 3] } })).rejects.toThrow(/a_input/);
  });
});
