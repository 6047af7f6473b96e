import type { layers } from '@tensorflow/tfjs-layers';

type Call = layers.Layer['call'];

/** Puts another function in the place of what a layer computes, until the returned function is called. */
export function replaceCall(layer: layers.Layer, replacement: (call: Call) => Call): () => void {
  const own = Object.hasOwn(layer, 'call') ? layer.call : undefined;
  layer.call = replacement(layer.call.bind(layer));
  return () => {
    if (own) layer.call = own;
    else Reflect.deleteProperty(layer, 'call');
  };
}
