import { slice_util, util } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/** Every so manieth entry of integers and truth values, which TensorFlow.js' own makes floats of. */
export const stridedSlice: Kernel = {
  name: 'StridedSlice',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    if (x.dtype !== 'int32' && x.dtype !== 'bool') return undefined;
    const given = attributes as unknown as Record<'begin' | 'end' | 'strides', number[]> &
      Record<'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask', number>;
    const { finalShapeSparse, finalShape, isIdentity, sliceDim0, isSimpleSlice, begin, strides } = slice_util.sliceInfo(
      x.shape,
      given.begin,
      given.end,
      given.strides,
      given.beginMask,
      given.endMask,
      given.ellipsisMask,
      given.newAxisMask,
      given.shrinkAxisMask,
    );
    if (isIdentity || sliceDim0 || isSimpleSlice) return undefined;
    const out = heap.output(finalShape, x.dtype);
    const [from, to] = [heap.values(x), heap.values(out)];
    const steps = util.computeStrides(x.shape).concat(1);
    for (let i = 0; i < to.length; i++) {
      let [rest, at] = [i, 0];
      for (let axis = finalShapeSparse.length - 1; axis >= 0; axis--) {
        const size = finalShapeSparse[axis] as number;
        at += ((begin[axis] as number) + (rest % size) * (strides[axis] as number)) * (steps[axis] as number);
        rest = Math.floor(rest / size);
      }
      to[i] = from[at] as number;
    }
    return out;
  },
};
