import type { Operation } from '../node-call.js';
import { convolution, transposedConvolution } from './convolution.js';
import { products } from './dense.js';
import { elementwise } from './elementwise.js';
import { normalizations } from './normalization.js';
import { pools } from './pool.js';
import { enlargements } from './resize.js';
import { shapes } from './shape.js';
import { softmaxes } from './softmax.js';

/** Operations by type of the node. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    Conv: convolution,
    ConvTranspose: transposedConvolution,
    ...products,
    ...pools,
    ...normalizations,
    ...elementwise,
    ...shapes,
    ...enlargements,
    ...softmaxes,
  }),
);
