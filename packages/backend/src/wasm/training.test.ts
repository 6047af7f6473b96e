import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { noiseTensor, startBackends } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

/** A small residual net with batch normalization, both kinds of pooling and a strided shortcut. */
function residualNet(): tfl.LayersModel {
  let seed = 0;
  const initializer = () => tfl.initializers.heNormal({ seed: ++seed });
  const convolution = (filters: number, strides: number, kernelSize = 3) =>
    tfl.layers.conv2d({
      filters,
      kernelSize,
      strides,
      padding: 'same',
      useBias: false,
      kernelInitializer: initializer(),
    });
  const apply = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor | tfl.SymbolicTensor[]) =>
    layer.apply(x) as tfl.SymbolicTensor;
  const input = tfl.input({ shape: [12, 12, 3] });
  const normalized = (x: tfl.SymbolicTensor) => apply(tfl.layers.batchNormalization(), x);
  const stem = apply(tfl.layers.reLU(), normalized(apply(convolution(8, 1), input)));
  const pooled = apply(tfl.layers.maxPooling2d({ poolSize: 2 }), stem);
  const branch = normalized(apply(convolution(16, 2), pooled));
  const shortcut = normalized(apply(convolution(16, 2, 1), pooled));
  const joined = apply(tfl.layers.reLU(), apply(tfl.layers.add(), [branch, shortcut]));
  const features = apply(tfl.layers.globalAveragePooling2d({}), joined);
  const logits = apply(
    tfl.layers.dense({ units: 4, activation: 'softmax', kernelInitializer: initializer() }),
    features,
  );
  return tfl.model({ inputs: input, outputs: logits });
}

async function losses(backend: 'cpu' | 'wasm'): Promise<number[]> {
  await tf.setBackend(backend);
  const tensors = tf.memory().numTensors;
  const buffers = tf.engine().backend.numDataIds();
  const model = residualNet();
  const optimizer = tf.train.momentum(0.05, 0.9);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const x = noiseTensor([16, 12, 12, 3], 1);
  const y = tf.tidy(() =>
    tf.cast(
      tf.oneHot(
        tf.tensor1d(
          Array.from({ length: 16 }, (_, i) => i % 4),
          'int32',
        ),
        4,
      ),
      'float32',
    ),
  );
  const history = await model.fit(x, y, { batchSize: 8, epochs: 10, shuffle: false, verbose: 0 });
  const perEpoch = history.history.loss as number[];
  tf.dispose([x, y]);
  optimizer.dispose();
  model.dispose();
  // tfjs-layers keeps one scalar per compiled model: the counter of the optimizer's iterations, which nothing disposes.
  expect(tf.memory().numTensors - tensors).toBeLessThanOrEqual(2);
  expect(tf.engine().backend.numDataIds() - buffers).toBeLessThanOrEqual(2);
  return perEpoch;
}

it('fits a residual net in twenty steps with the same losses as cpu', async () => {
  const [cpu, wasm] = [await losses('cpu'), await losses('wasm')];
  expect(wasm).toHaveLength(10);
  expect(wasm.at(-1)!).toBeLessThan(wasm[0]!);
  wasm.forEach((loss, epoch) => {
    expect(Math.abs(loss / cpu[epoch]! - 1)).toBeLessThan(1e-4);
  });
}, 60_000);
