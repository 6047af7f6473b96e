import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

/** Path of a file that `make.py` wrote. */
export const keras = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** What `make.py` says of its model. */
export const golden = JSON.parse(readFileSync(keras('golden.json'), 'utf8')) as {
  readonly image: readonly number[];
  readonly output: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
};

/** The model of `make.py` in TensorFlow.js. */
export function branched(): layers.LayersModel {
  const image = layers.input({ shape: [6, 6, 2], name: 'image' });
  const apply = (layer: layers.layers.Layer, ...inputs: layers.SymbolicTensor[]): layers.SymbolicTensor =>
    layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as layers.SymbolicTensor;
  let x = apply(layers.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', name: 'conv' }), image);
  x = apply(layers.layers.batchNormalization({ epsilon: 1e-3, name: 'norm' }), x);
  x = apply(layers.layers.reLU({ maxValue: 6, name: 'relu' }), x);
  const y = apply(
    layers.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false, name: 'depthwise' }),
    x,
  );
  x = apply(layers.layers.flatten({ name: 'flatten' }), apply(layers.layers.add({ name: 'sum' }), x, y));
  return layers.model({ inputs: image, outputs: apply(layers.layers.dense({ units: 3, name: 'head' }), x) });
}

/** Largest difference from what Keras computed for the golden images, relative to the largest output. */
export async function distance(model: layers.LayersModel): Promise<number> {
  const output = tf.tidy(() => model.predict(tf.tensor(golden.image as number[], [2, 6, 6, 2])) as tf.Tensor);
  const values = await output.data();
  output.dispose();
  const largest = Math.max(...golden.output.map(Math.abs));
  return Math.max(...golden.output.map((value, i) => Math.abs(value - values[i]!))) / largest;
}

/** Weights by name, with plain arrays for values. */
export async function valuesOf(model: layers.LayersModel): Promise<Record<string, number[]>> {
  return Object.fromEntries(
    await Promise.all(
      model.weights.map(async weight => [weight.originalName, [...(await weight.read().data())]] as [string, number[]]),
    ),
  );
}
