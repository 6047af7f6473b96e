import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../module/heap.js';
import { inputBytes, outputBytes } from './convolution-geometry.js';
import { input, type Kernel } from './kernel.js';
import { poolGeometry, poolSizes } from './pool.js';

type Five = [number, number, number, number, number];

/** A window over volumes; images are volumes of one slice. */
type Window = Pick<
  backend_util.Conv3DInfo,
  | 'batchSize'
  | 'inChannels'
  | 'inDepth'
  | 'inHeight'
  | 'inWidth'
  | 'outDepth'
  | 'outHeight'
  | 'outWidth'
  | 'strideDepth'
  | 'strideHeight'
  | 'strideWidth'
  | 'filterDepth'
  | 'filterHeight'
  | 'filterWidth'
> & { readonly front: number; readonly top: number; readonly left: number };

/**
 * The largest of every window. TensorFlow.js' own begins with the least positive number and never gives a negative one.
 */
export const maxPool3D: Kernel = {
  name: 'MaxPool3D',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    const info = geometry3d(x, attributes);
    const y = heap.output(info.outShape);
    pool(heap, x, y, windowOf(info), 'max');
    return y;
  },
};

/** The gradient of {@link maxPool3D}: to the last of the largest of each window, as on cpu. */
export const maxPool3DGrad: Kernel = {
  name: 'MaxPool3DGrad',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'input');
    const info = geometry3d(x, attributes);
    const dx = heap.output(x.shape);
    const [from, dy, to] = [heap.values(x), heap.values(input(inputs, 'dy')), heap.values(dx)];
    to.fill(0);
    visitWindows(windowOf(info), (target, places) => {
      let [best, place] = [Number.NEGATIVE_INFINITY, -1];
      for (const at of places) {
        const value = from[at] as number;
        if (value >= best) [best, place] = [value, at];
      }
      if (place >= 0) to[place] = (to[place] as number) + (dy[target] as number);
    });
    return dx;
  },
};

/**
 * The largest of every window of images, NaN if there is one in it. TensorFlow.js' own, which is XNNPACK's, loses NaN.
 */
export const maxPool: Kernel = {
  name: 'MaxPool',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    if (x.dtype !== 'float32') return undefined;
    const info = poolGeometry(x, attributes);
    const y = heap.output(info.outShape);
    const [from, to] = [heap.address(x), heap.address(y)];
    for (let image = 0; image < info.batchSize; image++) {
      heap.kernels.maxPool(from + image * inputBytes(info), to + image * outputBytes(info), ...poolSizes(info));
    }
    return y;
  },
};

/**
 * Averages where XNNPACK's are wrong: with a padding in numbers it makes another size than TensorFlow.js; at images
 * that no window fits into it crashes; and NaN comes out as -Infinity.
 */
export const avgPool: Kernel = {
  name: 'AvgPool',
  run(heap, inputs, attributes, own) {
    const x = input(inputs, 'x');
    if (x.dtype !== 'float32') return undefined;
    const info = poolGeometry(x, attributes);
    const fits = typeof attributes.pad === 'string' && info.outHeight > 0 && info.outWidth > 0;
    const y = fits ? own() : heap.output(info.outShape);
    if (fits && !heap.holdsLowest(y)) return y;
    const { top, left } = info.padInfo;
    const flat = { inDepth: 1, outDepth: 1, strideDepth: 1, filterDepth: 1, front: 0 };
    pool(heap, x, y, { ...info, ...flat, top, left }, 'average');
    return y;
  },
};

function geometry3d(x: TensorInfo, attributes: NamedAttrMap): backend_util.Conv3DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as {
    filterSize: [number, number, number] | number;
    strides: [number, number, number] | number;
    pad: 'same' | 'valid' | number;
    dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
  return backend_util.computePool3DInfo(x.shape as Five, filterSize, strides, 1, pad, dimRoundingMode);
}

/** First and last place of a window along one axis, less what lies in the padding. */
function span(at: number, stride: number, pad: number, filter: number, size: number): [number, number] {
  const first = at * stride - pad;
  return [Math.max(0, first), Math.min(size, first + filter)];
}

function windowOf(info: backend_util.Conv3DInfo): Window {
  return { ...info, front: info.padInfo.front, top: info.padInfo.top, left: info.padInfo.left };
}

function pool(heap: Heap, x: TensorInfo, y: TensorInfo, info: Window, kind: 'max' | 'average'): void {
  const [from, to] = [heap.values(x), heap.values(y)];
  visitWindows(info, (target, places) => {
    let best = kind === 'max' ? Number.NEGATIVE_INFINITY : 0;
    for (const at of places) {
      const value = from[at] as number;
      if (kind === 'average') best += value;
      else if (value > best || Number.isNaN(value)) best = value;
    }
    to[target] = kind === 'max' ? best : best / places.length;
  });
}

/** Shows for every place of the output the places of the input that its window covers, in order. */
function visitWindows(info: Window, visit: (target: number, places: readonly number[]) => void): void {
  const { inChannels: channels, inDepth, inHeight, inWidth } = info;
  let target = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let z = 0; z < info.outDepth; z++) {
      const [firstZ, endZ] = span(z, info.strideDepth, info.front, info.filterDepth, inDepth);
      for (let row = 0; row < info.outHeight; row++) {
        const [firstY, endY] = span(row, info.strideHeight, info.top, info.filterHeight, inHeight);
        for (let column = 0; column < info.outWidth; column++) {
          const [firstX, endX] = span(column, info.strideWidth, info.left, info.filterWidth, inWidth);
          const places: number[] = [];
          for (let i = firstZ; i < endZ; i++) {
            for (let j = firstY; j < endY; j++) {
              for (let k = firstX; k < endX; k++)
                places.push((((n * inDepth + i) * inHeight + j) * inWidth + k) * channels);
            }
          }
          for (let c = 0; c < channels; c++) {
            visit(target++, places);
            for (let i = 0; i < places.length; i++) places[i] = (places[i] as number) + 1;
          }
        }
      }
    }
  }
}
