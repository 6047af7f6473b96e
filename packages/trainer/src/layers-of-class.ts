import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

/**
 * Layers of one TensorFlow.js class, in the model's order, those of nested models included. `Properties` says which of their
 * untyped properties the caller uses.
 */
export function layersOfClass<Properties>(model: LayersModel, className: string): (layers.Layer & Properties)[] {
  return model.layers.flatMap(layer => {
    if (layer.getClassName() === className) return [layer as layers.Layer & Properties];
    return 'layers' in layer ? layersOfClass<Properties>(layer as unknown as LayersModel, className) : [];
  });
}
