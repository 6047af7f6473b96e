import * as tf from '@tensorflow/tfjs-layers';

/** A network without the dense layers at its end, whose layers it shares. */
export interface Body {
  readonly body: tf.LayersModel;
  /** Disposes of the layers that were cut off, so that all others are the body's alone. */
  disposeTail(): void;
}

/** A network without the dense layers at its end that have the named weights; undefined if others have them. */
export function bodyOf(model: tf.LayersModel, without: readonly string[]): Body | undefined {
  const names = new Set(without);
  const tail: tf.layers.Layer[] = [];
  let [end] = model.outputs;
  let cut: tf.SymbolicTensor | undefined;
  while (names.size > 0 && end && model.outputs.length === 1) {
    const layer: tf.layers.Layer = end.sourceLayer;
    const inputs = layer.inboundNodes[end.nodeIndex]?.inputTensors ?? [];
    const own = layer.weights.map(({ originalName }) => originalName);
    if (inputs.length !== 1 || !own.every(name => names.delete(name))) return undefined;
    if (own.length > 0 && layer.getClassName() !== 'Dense') return undefined;
    tail.push(layer);
    [end] = inputs;
    if (own.length > 0) cut = end;
  }
  if (names.size > 0 || cut === undefined) return undefined;
  return {
    body: tf.model({ inputs: model.inputs, outputs: cut, name: model.name }),
    disposeTail: () => {
      for (const layer of tail) if (layer.weights.length > 0) layer.dispose();
    },
  };
}
