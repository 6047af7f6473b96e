import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Variable } from './layer-call.js';

/** Values of all weights of a model, of those inside networks too. */
export async function readWeights(model: LayersModel): Promise<ReadonlyMap<Variable, Float32Array>> {
  const values = new Map<Variable, Float32Array>();
  for (const variable of model.weights) {
    if (variable.dtype !== 'float32') continue; // refused where a layer asks for it
    values.set(variable, (await variable.read().data()) as Float32Array);
  }
  return values;
}
