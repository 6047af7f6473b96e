import { layerShape, type Value } from './entry.js';
import type { ReadNetwork } from './graph-reading.js';
import type { FoundLayer } from './layer-list.js';

/** The layers that the outputs need, in an order in which they can be called. */
export function neededLayers({ list, inputs, outputs }: ReadNetwork): FoundLayer[] {
  const needed = new Set(inputs.map(({ layer }) => layer));
  const open = outputs.map(({ layer }) => layer);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    open.push(...(list.layers.get(name)?.inputs ?? []));
  }
  return [...list.layers.values()].filter(({ name }) => needed.has(name));
}

/** A topology as TensorFlow.js writes it. */
export function topologyOf(name: string, layers: readonly FoundLayer[], { inputs, outputs }: ReadNetwork): object {
  const shapes = new Map(inputs.map(value => [value.layer, batchShape(value)]));
  const model = {
    class_name: 'Model',
    config: {
      name,
      layers: layers.map(layer => ({
        name: layer.name,
        class_name: layer.className,
        config: {
          name: layer.name,
          ...layer.config,
          ...(shapes.has(layer.name) ? inputConfig(shapes.get(layer.name)) : {}),
        },
        inbound_nodes: layer.inputs.length === 0 ? [] : [layer.inputs.map(input => [input, 0, 0, {}])],
      })),
      input_layers: inputs.map(({ layer }) => [layer, 0, 0]),
      output_layers: outputs.map(({ layer }) => [layer, 0, 0]),
    },
  };
  return { model_config: model, keras_version: 'tfjs-layers 4.22.0' };
}

const batchShape = (value: Value): (number | null)[] => [
  null,
  ...layerShape(value).map(side => (Number.isNaN(side) ? null : side)),
];

const inputConfig = (shape: readonly (number | null)[] | undefined): object => ({
  batch_input_shape: shape,
  dtype: 'float32',
  sparse: false,
});
