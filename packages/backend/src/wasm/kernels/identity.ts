import { input, type Kernel } from './kernel.js';

/**
 * A second reference to the same data, as TensorFlow.js' other backends and its own Reshape have it. Its Identity on
 * wasm copies, though no kernel writes to its inputs; the tape clones every tensor that a gradient needs.
 */
export const identity: Kernel = {
  name: 'Identity',
  run(heap, inputs) {
    const x = input(inputs, 'x');
    if (x.dtype === 'string') return undefined;
    heap.backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  },
};
