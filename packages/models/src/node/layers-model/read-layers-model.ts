import { dirname } from 'node:path';
import { checkOptions, rules } from '@espalier/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { overMemory } from '../file-problems.js';
import type { ModelWarnings } from '../model-warning.js';
import { readModelFile } from '../read-file.js';
import type { WeightsOfLayer } from '../stock-layers/normalization.js';
import { assignWeight, weightsOf as weightsOfModel } from './assign-weights.js';
import { buildModel } from './build-model.js';
import { parseModelJson } from './model-json.js';
import { readShards, sizeOfGroup } from './shards.js';
import { statisticsIn, statisticsOf } from './statistics.js';

/** How much {@link readLayersModel} may take, and who is told of what it leaves out. */
export interface ReadModelOptions extends ModelWarnings {
  /**
   * The most bytes that the weights may take once they are unpacked. A model that needs more is refused with
   * `MODEL_MEMORY_LIMIT` before anything is unpacked or built.
   *
   * @defaultValue 256 MiB and 64 times the size of the files of weights
   */
  readonly memoryLimit?: number | undefined;
}

/**
 * Reads a TensorFlow.js layers model from disk, without `@tensorflow/tfjs-node`.
 *
 * Takes what `model.save` and `tensorflowjs_converter` (`--output_format tfjs_layers_model`) write: `model.json` and
 * the files of weights that it names, relative to its folder. A file may be compressed with gzip, named in `model.json`
 * with `.gz` or without. Quantized weights are decoded; zeros stay zeros if the quantization has zero among its steps.
 * What Keras 3 writes into `model.json` is put into the older spelling that TensorFlow.js reads, networks inside
 * networks too, for layers that are called with tensors alone. Every option of a layer is carried out or refused by
 * name.
 *
 * No initializer is run, and the stored values stay as they are whatever constraints the layers have. The model
 * is not compiled, and the state of an optimizer in the file is left out. If anything is wrong, no tensors stay in
 * memory. Paths that lead out of the folder are refused; links of the file system are followed.
 *
 * @param path - Path of `model.json`.
 * @param options - A limit on memory, and who is told of what is left out.
 * @returns A new model with its weights and its `userDefinedMetadata`.
 * @throws {@link ModelFileError} if it cannot be loaded: `MODEL_FILE_UNREADABLE`, `MODEL_JSON_INVALID`,
 * `MODEL_IS_A_GRAPH`, `MODEL_PATH_OUTSIDE`, `MODEL_MEMORY_LIMIT`, `MODEL_WEIGHTS_DAMAGED`, `MODEL_WEIGHTS_MISMATCH`,
 * `MODEL_TOPOLOGY_UNSUPPORTED`, `UNREGISTERED_CLASS` or `UNSUPPORTED_LAYER_OPTION`.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import type * as tf from '@tensorflow/tfjs-layers';
 * import { readLayersModel } from '@espalier/models/node';
 *
 * export async function layerNames(path: string): Promise<string[]> {
 *   const model: tf.LayersModel = await readLayersModel(path);
 *   const names = model.layers.map(layer => layer.name);
 *   model.dispose();
 *   return names;
 * }
 * ```
 */
export async function readLayersModel(path: string, options: ReadModelOptions = {}): Promise<LayersModel> {
  checkOptions<ReadModelOptions>(options, {
    memoryLimit: rules.optional(rules.integer({ from: 0 })),
    onWarning: rules.optional(rules.function),
  });
  const { topology, groups, metadata } = parseModelJson(path, await readModelFile(path));
  const folder = dirname(path);
  let [unpacked, stored] = [0, 0];
  for (const group of groups) {
    const size = await sizeOfGroup(folder, group);
    unpacked += size.unpacked;
    stored += size.stored;
  }
  const { memoryLimit = 2 ** 28 + 64 * stored, onWarning } = options;
  if (unpacked > memoryLimit) throw overMemory(path, `its weights take ${unpacked} bytes, the limit is ${memoryLimit}`);
  const entries = groups.flatMap(({ weights }) => weights);
  const statistics = await statisticsOf(folder, groups);
  const weightsOf = (layer: string): WeightsOfLayer => statisticsIn(statistics, layer);
  return buildModel(path, { topology, entries, weightsOf, onWarning }, async (model, isSpent) => {
    const left = entries.filter(({ name }) => !isSpent(name));
    const assigned = weightsOfModel(path, model, left);
    for (const group of groups) await readShards(folder, group, (entry, bytes) => assignWeight(assigned, entry, bytes));
    if (metadata) model.setUserDefinedMetadata(metadata);
  });
}
