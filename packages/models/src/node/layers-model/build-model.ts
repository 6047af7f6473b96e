import {
  InvalidTopologyError,
  TopologyWeightsError,
  UnregisteredClassError,
  UnsupportedLayerOptionError,
} from '@espalier/core';
import { modelFromTopology } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ModelFileError } from '../errors.js';
import { type ModelWarnings, warnOfAugmentation } from '../model-warning.js';
import type { WeightsOfLayer } from '../stock-layers/normalization.js';
import { stockTopology } from '../stock-layers/stock-topology.js';
import type { JsonObject, ShardGroup } from './model-json.js';

type Entry = ShardGroup['weights'][number];

/** What a model is made of. */
export interface ModelParts extends ModelWarnings {
  readonly topology: JsonObject;
  readonly entries: readonly Entry[];
  /** The weights of a layer by its name. */
  weightsOf(layer: string): WeightsOfLayer;
}

/**
 * The model of a topology, which `fill` gives its weights, but for those that are spent on a layer in place of another.
 * If anything is wrong, nothing of it stays in memory.
 */
export async function buildModel(
  file: string,
  { topology, entries, weightsOf, onWarning }: ModelParts,
  fill: (model: LayersModel, isSpent: (weight: string) => boolean) => Promise<void>,
): Promise<LayersModel> {
  try {
    const stock = stockTopology(topology, weightsOf);
    const own = entries.filter(({ name, group }) => group !== 'optimizer' && !stock.isSpent(name));
    const weights = new Map(own.map(entry => [entry.name, entry] as const));
    return await modelFromTopology(stock.topology, weights, async model => {
      stock.requireAxes(model);
      await fill(model, stock.isSpent);
      warnOfAugmentation({ onWarning }, stock.passed);
    });
  } catch (cause) {
    throw asFileError(file, cause);
  }
}

/** What is wrong with the topology, with the file in which it is. */
function asFileError(file: string, cause: unknown): unknown {
  const again = 'export the model again with tf-keras (TF_USE_LEGACY_KERAS=1) and layers that TensorFlow.js has.';
  if (cause instanceof TopologyWeightsError) {
    const remedy = 'Take topology and weights from one save, or export the model again.';
    return new ModelFileError('MODEL_WEIGHTS_MISMATCH', file, cause.reason, remedy, { cause });
  }
  if (cause instanceof InvalidTopologyError) {
    const remedy = `Register the classes of custom layers before, or ${again}`;
    return new ModelFileError('MODEL_TOPOLOGY_UNSUPPORTED', file, cause.reason, remedy, { cause });
  }
  if (cause instanceof UnregisteredClassError) {
    const { code, kind, className, layer } = cause;
    const problem = `TensorFlow.js has no ${kind} ${JSON.stringify(className)}, which its layer ${JSON.stringify(layer)} needs.`;
    const remedy = `Register the class before with tf.serialization.registerClass if it is yours, or ${again}`;
    return new ModelFileError(code, file, problem, remedy, { cause });
  }
  if (cause instanceof UnsupportedLayerOptionError) {
    const { code, layer, className, reason } = cause;
    const problem = `Its layer ${JSON.stringify(layer)} (${className}) has ${reason}. TensorFlow.js cannot carry that out.`;
    const remedy = `Give the layer another value of that option, or compute the same with other layers, and ${again}`;
    return new ModelFileError(code, file, problem, remedy, { cause });
  }
  return cause;
}
