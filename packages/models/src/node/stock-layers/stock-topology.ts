import { topologyOrigin } from '@espalier/core';
import { serialization } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { leavesOf } from '../../leaves.js';
import { isObject, type JsonObject } from '../layers-model/model-json.js';
import { refuseAxis, type WeightsOfLayer } from './normalization.js';
import type { StockReading } from './stock-layer.js';
import { stockNetwork } from './stock-network.js';

/** A topology of layers that TensorFlow.js has. */
export interface StockTopology {
  readonly topology: JsonObject;
  /** Layers that would change their input in training, and pass it on here. */
  readonly passed: readonly string[];
  /** Refuses a model that a layer with statistics along an axis other than the last one came into. */
  requireAxes(model: LayersModel): void;
  /** True for weights, by their name, that no layer has any more. */
  isSpent(weight: string): boolean;
}

/**
 * Puts layers of Keras that TensorFlow.js has not into those that it has: what they compute outside of training is the
 * same. Whatever is not understood stays, to be refused by whoever builds the model.
 *
 * @param topology - A model, or what holds one as `model_config`. Not modified.
 * @param weightsOf - The weights of a layer by its name.
 * @throws {@link UnsupportedLayerOptionError} for an option of such a layer that cannot be carried out.
 * @throws {@link TopologyWeightsError} if a normalization has no statistics.
 */
export function stockTopology(topology: JsonObject, weightsOf: (layer: string) => WeightsOfLayer): StockTopology {
  const isHolder = isObject(topology.model_config);
  const model = isHolder ? (topology.model_config as JsonObject) : topology;
  const version = topology.keras_version ?? model.keras_version;
  const reading: Omit<StockReading, 'before'> = {
    origin: topologyOrigin(version, model),
    isRegistered: name => Object.hasOwn(serialization.SerializationMap.getMap().classNameMap, name),
    weightsOf,
    passed: [],
    emptied: new Set(),
    axes: new Map(),
  };
  const stock = stockNetwork(model, reading) as JsonObject;
  return {
    topology: isHolder ? { ...topology, model_config: stock } : stock,
    passed: reading.passed,
    requireAxes: built => {
      for (const { layer, path } of leavesOf(built)) {
        const axis = reading.axes.get(path.at(-1) ?? '');
        const { length } = [layer.inboundNodes[0]?.inputShapes[0] ?? []].flat();
        if (axis !== undefined && axis !== length - 1)
          refuseAxis({ name: layer.name, className: 'Normalization' }, axis);
      }
    },
    isSpent: weight => [...reading.emptied].some(layer => `/${weight}`.includes(`/${layer}/`)),
  };
}
