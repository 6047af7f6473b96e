import type * as tf from '@tensorflow/tfjs-layers';

/** A layer that is no model, with the names of the models that it is in. */
export interface Leaf {
  readonly layer: tf.layers.Layer;
  /** Names of the models around it and its own, outermost first. */
  readonly path: readonly string[];
}

/** The graph of a layer that is a model of its own. */
export function containerOf(layer: tf.layers.Layer): tf.LayersModel | undefined {
  const { layers, model } = layer as unknown as { readonly layers?: unknown; readonly model?: tf.LayersModel };
  if (!Array.isArray(layers)) return undefined;
  return model ?? (layer as unknown as tf.LayersModel);
}

/** What a `TimeDistributed` layer calls. */
export const innerLayer = (layer: tf.layers.Layer): tf.layers.Layer =>
  (layer as unknown as { readonly layer: tf.layers.Layer }).layer;

/** Every layer of a model and of the models within it, once. */
export function leavesOf(model: tf.LayersModel): Leaf[] {
  const leaves = new Map<tf.layers.Layer, Leaf>();
  const visit = (layers: readonly tf.layers.Layer[], above: readonly string[]): void => {
    for (const layer of layers) {
      const path = [...above, layer.name];
      const inner = layer.getClassName() === 'TimeDistributed' ? innerLayer(layer) : layer;
      const nested = (inner as unknown as { readonly layers?: readonly tf.layers.Layer[] }).layers;
      if (Array.isArray(nested)) visit(nested, path);
      else if (!leaves.has(inner)) leaves.set(inner, { layer: inner, path });
    }
  };
  visit(model.layers, []);
  return [...leaves.values()];
}
