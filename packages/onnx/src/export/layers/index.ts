import type { LayerWriter } from '../layer-call.js';
import { activations } from './activations.js';
import { convolutions } from './convolution.js';
import { products } from './dense.js';
import { merges } from './merge.js';
import { normalizations } from './normalization.js';
import { pools } from './pool.js';
import { shapes } from './shape.js';

/** Writers by class name of the layer. */
export const layerWriters: ReadonlyMap<string, LayerWriter> = new Map(
  Object.entries({
    ...convolutions,
    ...products,
    ...pools,
    ...normalizations,
    ...activations,
    ...merges,
    ...shapes,
  }),
);
