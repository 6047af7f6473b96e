import type { layers } from '@tensorflow/tfjs-layers';

/**
 * Layers that hold no others, in the model's order, each once; those of nested models and time-distributed layers
 * included.
 */
export function innermostLayers(layer: layers.Layer): layers.Layer[] {
  const { layers: nested, layer: wrapped } = layer as layers.Layer & { layers?: layers.Layer[]; layer?: layers.Layer };
  if (nested) return [...new Set(nested.flatMap(innermostLayers))];
  return wrapped && layer.getClassName() === 'TimeDistributed' ? innermostLayers(wrapped) : [layer];
}
