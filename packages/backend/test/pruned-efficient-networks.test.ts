import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { magnitude } from '@espalier/prune-magnitude';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { noiseTensor, startBackends } from './wasm-against-cpu.js';

beforeAll(startBackends);

type Symbolic = tfl.SymbolicTensor;
const { layers } = tfl;

let seed = 0;
const apply = (layer: tfl.layers.Layer, x: Symbolic | Symbolic[]): Symbolic => layer.apply(x) as Symbolic;
const initializer = () => tfl.initializers.heNormal({ seed: ++seed });

function convolve(x: Symbolic, filters: number | undefined, kernelSize: number, strides: number): Symbolic {
  const shared = { kernelSize, strides, padding: 'same' as const, useBias: false };
  const layer =
    filters === undefined
      ? layers.depthwiseConv2d({ ...shared, depthwiseInitializer: initializer() })
      : layers.conv2d({ ...shared, filters, kernelInitializer: initializer() });
  return apply(layers.batchNormalization(), apply(layer, x));
}

/** Inverted residual blocks with the activation, with or without squeeze-and-excitation. */
function invertedResiduals(bend: () => tfl.layers.Layer, squeezes: boolean): tfl.LayersModel {
  const input = tfl.input({ shape: [12, 12, 3] });
  let x = apply(bend(), convolve(input, 8, 3, 2));
  for (const stride of [2, 1]) {
    let y = apply(bend(), convolve(x, 20, 1, 1));
    y = apply(bend(), convolve(y, undefined, 3, stride));
    if (squeezes) {
      const mean = apply(layers.globalAveragePooling2d({}), y);
      const scale = layers.dense({ units: 20, activation: 'sigmoid', kernelInitializer: initializer() });
      y = apply(layers.multiply(), [y, apply(layers.reshape({ targetShape: [1, 1, 20] }), apply(scale, mean))]);
    }
    y = convolve(y, 8, 1, 1);
    x = stride === 1 ? apply(layers.add(), [x, y]) : y;
  }
  const pooled = apply(layers.globalAveragePooling2d({}), x);
  return tfl.model({
    inputs: input,
    outputs: apply(layers.dense({ units: 4, kernelInitializer: initializer() }), pooled),
  });
}

/**
 * Down and up again, by a transposed convolution and upsamplings, each joined with what was there before. None of them
 * takes the nearest pixel, whose gradient is wrong on cpu from the second image on.
 */
function uNet(): tfl.LayersModel {
  const input = tfl.input({ shape: [16, 16, 3] });
  const bend = (x: Symbolic): Symbolic => apply(layers.leakyReLU({ alpha: 0.1 }), x);
  const skips: Symbolic[] = [];
  let x = input;
  for (const filters of [6, 8, 10]) {
    x = bend(convolve(x, filters, 3, 1));
    skips.push(x);
    x = apply(layers.maxPooling2d({ poolSize: 2 }), x);
  }
  const ups: tfl.layers.Layer[] = [
    layers.conv2dTranspose({ filters: 8, kernelSize: 2, strides: 2, kernelInitializer: initializer() }),
    layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
    layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
  ];
  for (const up of ups) {
    x = bend(convolve(apply(layers.concatenate(), [apply(up, x), skips.pop() as Symbolic]), 6, 3, 1));
  }
  const logits = layers.conv2d({ filters: 4, kernelSize: 1, kernelInitializer: initializer() });
  return tfl.model({ inputs: input, outputs: apply(logits, x) });
}

const networks: Readonly<Record<string, () => tfl.LayersModel>> = {
  'ReLU6 and depthwise convolutions': () => invertedResiduals(() => layers.reLU({ maxValue: 6 }), false),
  'swish and squeeze-and-excitation': () => invertedResiduals(() => layers.activation({ activation: 'swish' }), true),
  'a U-Net': uNet,
};

/** Losses of ten steps in which half of the weights are pruned, and how many masked weights there are and are not 0. */
async function train(backend: 'cpu' | 'wasm', build: () => tfl.LayersModel) {
  await tf.setBackend(backend);
  seed = 0;
  const model = build();
  const x = noiseTensor([4, ...(model.inputs[0]!.shape.slice(1) as number[])], 1);
  const shape = [4, ...(model.outputs[0]!.shape.slice(1) as number[])];
  const y = tf.tidy(() => tf.softmax(tf.mul(noiseTensor(shape, 2), 4)));
  const optimizer = tf.train.momentum(0.02, 0.9);
  const method = magnitude({ sparsity: 0.5, cadence: { start: 2, end: 6, every: 2 } });
  const session = await PruningSession.start(method, { weights: modelWeights(model), optimizer });
  const tensors = tf.memory().numTensors;
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) {
    losses.push(
      await session.step(() => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor)),
    );
  }
  const left = tf.memory().numTensors - tensors;
  const weights = new Map(modelWeights(model).map(weight => [weight.name, weight.variable]));
  let [masked, alive] = [0, 0];
  for (const [name, mask] of session.masks) {
    const values = await weights.get(name)!.data();
    mask.forEach((active, i) => {
      if (active === 1) return;
      masked++;
      if (!Object.is(values[i], 0)) alive++;
    });
  }
  const { sparsity } = session;
  session.dispose();
  optimizer.dispose();
  model.dispose();
  tf.dispose([x, y]);
  return { losses, sparsity, masked, alive, left };
}

test.each(Object.keys(networks))(
  'pruning holds exactly, and training goes as on cpu, through %s',
  async name => {
    const [cpu, wasm] = [await train('cpu', networks[name]!), await train('wasm', networks[name]!)];
    expect(wasm).toMatchObject({ alive: 0, sparsity: cpu.sparsity, masked: cpu.masked, left: cpu.left });
    expect(wasm.masked).toBeGreaterThan(100);
    expect(wasm.losses.at(-1)!).toBeLessThan(wasm.losses[0]!);
    // Before the first decision only rounding differs; after it a weight at the threshold may fall to the other side.
    wasm.losses.forEach((loss, step) => {
      expect(Math.abs(loss / cpu.losses[step]! - 1)).toBeLessThan(step < 2 ? 1e-4 : 0.02);
    });
  },
  60_000,
);
