import * as layers from '@tensorflow/tfjs-layers';

/** A model of one or two layers with an input of `shape`. */
export function modelOf(shape: number[], ...stack: layers.layers.Layer[]): layers.LayersModel {
  const model = layers.sequential();
  for (const layer of [layers.layers.inputLayer({ inputShape: shape }), ...stack]) model.add(layer);
  return model;
}

/** Values of all weights with their names. */
export async function weightsOf(model: layers.LayersModel): Promise<[string, number[]][]> {
  return Promise.all(
    model.weights.map(
      async (weight): Promise<[string, number[]]> => [weight.originalName, [...(await weight.read().data())]],
    ),
  );
}

/** A layer `a` of one 1x1 convolution with four outputs for one input. */
export const four = (): layers.LayersModel =>
  modelOf([1, 1, 1], layers.layers.conv2d({ name: 'a', filters: 4, kernelSize: 1, useBias: false }));
