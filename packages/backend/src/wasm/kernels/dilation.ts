import { backend_util, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap, HeapValues } from '../module/heap.js';
import { input, type Kernel } from './kernel.js';

type Pair = [number, number] | number;

/** The largest sum of a window: its place in the output, and where in the input and the filter it comes from. */
type Visit = (target: number, largest: number, source: number, tap: number) => void;

/**
 * Gray-scale dilation. TensorFlow.js' own kernels begin with the least positive number: negative sums are never given,
 * nor does a gradient go to them.
 */
export const dilation2D: Kernel = {
  name: 'Dilation2D',
  run(heap, inputs, attributes) {
    const info = geometry(inputs, attributes);
    const y = heap.output(info.outShape);
    const to = heap.values(y);
    visitWindows(heap, inputs, info, (target, largest) => {
      to[target] = largest;
    });
    return y;
  },
};

/** The gradient of {@link dilation2D} with respect to its input: to the first of the largest sums of each window. */
export const dilation2DBackpropInput: Kernel = {
  name: 'Dilation2DBackpropInput',
  run: (heap, inputs, attributes) => gradient(heap, inputs, attributes, 'x', (source, _tap) => source),
};

/** The gradient of {@link dilation2D} with respect to its filter. */
export const dilation2DBackpropFilter: Kernel = {
  name: 'Dilation2DBackpropFilter',
  run: (heap, inputs, attributes) => gradient(heap, inputs, attributes, 'filter', (_source, tap) => tap),
};

function gradient(
  heap: Heap,
  inputs: NamedTensorInfoMap,
  attributes: NamedAttrMap,
  name: 'x' | 'filter',
  placeOf: (source: number, tap: number) => number,
): TensorInfo {
  const result = heap.output(input(inputs, name).shape);
  const [dy, to]: HeapValues[] = [heap.values(input(inputs, 'dy')), heap.values(result)];
  to?.fill(0);
  visitWindows(heap, inputs, geometry(inputs, attributes), (target, _largest, source, tap) => {
    const place = placeOf(source, tap);
    if (dy !== undefined && to !== undefined) to[place] = (to[place] as number) + (dy[target] as number);
  });
  return result;
}

function geometry(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): backend_util.Conv2DInfo {
  const { strides, pad, dilations } = attributes as unknown as {
    strides: Pair;
    pad: 'same' | 'valid';
    dilations: Pair;
  };
  return backend_util.computeDilation2DInfo(
    input(inputs, 'x').shape as [number, number, number, number],
    input(inputs, 'filter').shape as [number, number, number],
    strides as number,
    pad,
    'NHWC',
    dilations as number,
  );
}

/** Finds the largest sum of every window. Both inputs lie on the heap; nothing may be allocated meanwhile. */
function visitWindows(heap: Heap, inputs: NamedTensorInfoMap, info: backend_util.Conv2DInfo, visit: Visit): void {
  const [from, taps] = [heap.values(input(inputs, 'x')), heap.values(input(inputs, 'filter'))];
  const { inChannels: channels, inHeight, inWidth, filterHeight, filterWidth } = info;
  let target = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let row = 0; row < info.outHeight; row++) {
      for (let column = 0; column < info.outWidth; column++) {
        for (let c = 0; c < channels; c++, target++) {
          let [largest, source, tap] = [Number.MIN_SAFE_INTEGER, 0, 0];
          for (let i = 0; i < filterHeight; i++) {
            const atY = row * info.strideHeight - info.padInfo.top + i * info.dilationHeight;
            if (atY < 0 || atY >= inHeight) continue;
            for (let j = 0; j < filterWidth; j++) {
              const atX = column * info.strideWidth - info.padInfo.left + j * info.dilationWidth;
              if (atX < 0 || atX >= inWidth) continue;
              const [here, weight] = [
                ((n * inHeight + atY) * inWidth + atX) * channels + c,
                (i * filterWidth + j) * channels + c,
              ];
              const value = (from[here] as number) + (taps[weight] as number);
              if (value > largest) [largest, source, tap] = [value, here, weight];
            }
          }
          visit(target, largest, source, tap);
        }
      }
    }
  }
}
