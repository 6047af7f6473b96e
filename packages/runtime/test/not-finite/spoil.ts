import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

/** The values with others at some places, modulo their number. */
export function spoiled(
  values: Float32Array,
  list: readonly (readonly [where: number, value: number])[],
): Float32Array {
  const copy = values.slice();
  for (const [where, value] of list) copy[where % copy.length] = value;
  return copy;
}

/** A convolution with normalization, and a dense layer. */
export function small(): layers.LayersModel {
  return layers.sequential({
    layers: [
      layers.layers.conv2d({ inputShape: [6, 6, 2], filters: 3, kernelSize: 3 }),
      layers.layers.batchNormalization(),
      layers.layers.reLU(),
      layers.layers.globalAveragePooling2d({}),
      layers.layers.dense({ units: 3 }),
    ],
  });
}

/** Puts a value into one of the weights whose names `takes` accepts. */
export async function change(
  model: layers.LayersModel,
  takes: (name: string) => boolean,
  which: number,
  spoiler: readonly [where: number, value: number],
): Promise<void> {
  const chosen = model.weights.filter(({ originalName }) => takes(originalName));
  const target = chosen[which % chosen.length];
  const values = model.getWeights();
  const changed = await Promise.all(
    model.weights.map(async (weight, at) => {
      const data = (await values[at]!.data()) as Float32Array;
      return tf.tensor(weight === target ? spoiled(data, [spoiler]) : data, values[at]!.shape);
    }),
  );
  model.setWeights(changed);
  tf.dispose(changed);
}
