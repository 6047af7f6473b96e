import { util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/** One entry of each row is on. TensorFlow.js' own writes beside the output for an id that is not within the depth. */
export const oneHot: Kernel = {
  name: 'OneHot',
  run(heap, inputs, attributes) {
    const indices = input(inputs, 'indices');
    const { depth, onValue, offValue, dtype } = attributes as {
      depth: number;
      onValue: number;
      offValue: number;
      dtype: 'float32' | 'int32' | 'bool';
    };
    const out = heap.output([...indices.shape, depth], dtype);
    const [ids, to] = [heap.values(indices), heap.values(out)];
    to.fill(offValue);
    for (let i = 0; i < util.sizeFromShape(indices.shape); i++) {
      const id = ids[i] as number;
      if (id >= 0 && id < depth) to[i * depth + id] = onValue;
    }
    return out;
  },
};
