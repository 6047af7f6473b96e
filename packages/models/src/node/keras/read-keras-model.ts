import { checkOptions, rules } from '@espalier/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { KerasTensors } from '../../keras/keras-tensor.js';
import { fillWithKerasWeights, handedOn } from '../../keras/load-keras-weights.js';
import { ModelFileError } from '../errors.js';
import { invalidKerasFile } from '../file-problems.js';
import { buildModel } from '../layers-model/build-model.js';
import { isObject, type JsonObject } from '../layers-model/model-json.js';
import { type ReadLimits, readLimitRules } from '../limits.js';
import type { ModelWarnings } from '../model-warning.js';
import type { WeightsOfLayer } from '../stock-layers/normalization.js';
import { readKerasFile } from './read-keras-file.js';

/** How much {@link readKerasModel} may take, and who is told of what it leaves out. */
export interface KerasModelOptions extends ReadLimits, ModelWarnings {}

/**
 * Reads a whole model of Keras, topology and weights, without Python.
 *
 * Takes what `model.save` writes: `.h5` of Keras 2 and 3, and `.keras` where it says the names of the layers, as those
 * of Keras 3.15 do. Files of weights alone (`.weights.h5`, `save_weights`) have no topology and are refused; load
 * those with {@link readKerasWeights} into a model of the same architecture. Every option of a layer is carried out or
 * refused by name, as in {@link readLayersModel}. Needs the package `h5wasm`.
 *
 * Layers of Keras that TensorFlow.js has not become ones that it has, where those compute the same: `Normalization` and
 * arithmetic on tensors are a `Rescaling`, activations such as `hard_silu` several layers. Layers that change images at
 * random in training (`RandomFlip`, `RandomRotation`, …) pass them on, in training too, of which `onWarning` is told.
 *
 * No initializer is run. The model is not compiled, and the state of an optimizer in the file is left out. If anything
 * is wrong, no tensors stay in memory.
 *
 * @param path - Path of the file; what it is, its first bytes say.
 * @param options - How much time and memory reading may take, and who is told of what is left out.
 * @returns A new model with its weights.
 * @throws {@link ModelFileError} if it cannot be loaded: what {@link readKerasWeights} throws,
 * `KERAS_FILE_WITHOUT_TOPOLOGY`, `MODEL_WEIGHTS_MISMATCH`, `MODEL_TOPOLOGY_UNSUPPORTED`, `UNREGISTERED_CLASS` or
 * `UNSUPPORTED_LAYER_OPTION`.
 * @throws {@link TensorsMismatchError} or {@link TensorShapeMismatchError} if the weights are not those of the layers.
 * @throws {@link InvalidOptionError} if the path is no text or a limit no number, {@link UnknownOptionError} if there
 *   is no such option.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { readKerasModel } from '@espalier/models/node';
 *
 * export async function layerNames(path: string): Promise<string[]> {
 *   const model = await readKerasModel(path);
 *   const names = model.layers.map(layer => layer.name);
 *   model.dispose();
 *   return names;
 * }
 * ```
 */
export async function readKerasModel(path: string, options: KerasModelOptions = {}): Promise<LayersModel> {
  checkOptions<KerasModelOptions>(options, { ...readLimitRules, onWarning: rules.optional(rules.function) });
  const { onWarning, ...limits } = options;
  const { tensors, config } = await readKerasFile(path, limits);
  if (config === undefined) {
    throw new ModelFileError(
      'KERAS_FILE_WITHOUT_TOPOLOGY',
      path,
      'It holds the weights of a model and not its layers.',
      "Save the whole model (model.save('model.h5')), or load the weights into a model of the same architecture.",
    );
  }
  const entries = [...tensors].map(([name, { shape }]) => ({ name, shape: [...shape], dtype: 'float32' as const }));
  const weightsOf = (layer: string): WeightsOfLayer => weightsIn(tensors, layer);
  return buildModel(path, { topology: parsed(path, config), entries, weightsOf, onWarning }, async (model, isSpent) => {
    const left = new Map([...tensors].filter(([name]) => !isSpent(name)));
    fillWithKerasWeights(model, left, {}, handedOn);
  });
}

/** The weights of a layer by their names in it, or their places; names of layers may hold slashes. */
const weightsIn = (tensors: KerasTensors, layer: string): WeightsOfLayer =>
  new Map(
    [...tensors].flatMap(([name, tensor]) => {
      const end = name.lastIndexOf('/');
      return `/${name.slice(0, end)}`.endsWith(`/${layer}`) ? [[name.slice(end + 1), tensor] as const] : [];
    }),
  );

function parsed(path: string, config: string): JsonObject {
  let topology: unknown;
  try {
    topology = JSON.parse(config);
  } catch (cause) {
    throw invalidKerasFile(path, 'The configuration of its model is not JSON.', cause);
  }
  if (isObject(topology)) return topology;
  throw invalidKerasFile(path, 'The configuration of its model is not an object.');
}
