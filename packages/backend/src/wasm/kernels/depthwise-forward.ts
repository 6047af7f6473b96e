import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { correlateDepthwise, isPlain } from '../convolution/depthwise.js';
import type { Heap } from '../module/heap.js';
import { compose, finish, tensorOf } from './compose.js';
import { channelsLast, geometry } from './convolution-geometry.js';
import { input, type Kernel } from './kernel.js';
import { suitsXnnpack } from './xnnpack.js';

/**
 * A depthwise convolution, by tiles of our own where every channel has one of its own. Others are XNNPACK's, but where
 * {@link suitsXnnpack} says no, or where they have -Infinity, perhaps in place of NaN.
 */
export const depthwiseConv2D: Kernel = {
  name: 'DepthwiseConv2dNative',
  run(heap, inputs, attributes, own) {
    const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')];
    const info = geometry(x.shape, filter.shape, attributes, true);
    if (!channelsLast(attributes)) return undefined;
    if (isPlain(info)) {
      const y = heap.output(info.outShape);
      correlateDepthwise(heap, info, heap.address(x), heap.address(filter), heap.address(y));
      return y;
    }
    const suits = suitsXnnpack(info);
    const y = suits ? own() : heap.output(info.outShape);
    if (suits && !heap.holdsLowest(y)) return y;
    correlate(heap, info, x, filter, y);
    return y;
  },
};

/** The same with bias and activation, one after the other: XNNPACK makes numbers of NaN in both. */
export const fusedDepthwiseConv2D: Kernel = {
  name: 'FusedDepthwiseConv2D',
  run(_heap, inputs, attributes) {
    const filter = tensorOf<tf.Tensor4D>(inputs, 'filter');
    const x = tensorOf<tf.Tensor4D>(inputs, 'x');
    if (!channelsLast(attributes)) return undefined;
    const { strides, pad, dilations, dimRoundingMode } = attributes as unknown as Attributes;
    return compose(() =>
      finish(
        tf.depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations ?? 1, dimRoundingMode),
        inputs,
        attributes as { activation?: string; leakyreluAlpha?: number },
      ),
    );
  },
};

interface Attributes {
  readonly strides: [number, number] | number;
  readonly pad: 'same' | 'valid' | number;
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function correlate(heap: Heap, info: backend_util.Conv2DInfo, x: TensorInfo, filter: TensorInfo, y: TensorInfo): void {
  const { inHeight, inWidth, inChannels, outChannels, filterHeight, filterWidth } = info;
  const multiplier = outChannels / inChannels;
  const [from, taps, to] = [heap.values(x), heap.values(filter), heap.values(y)];
  let target = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let row = 0; row < info.outHeight; row++) {
      for (let column = 0; column < info.outWidth; column++) {
        for (let c = 0; c < outChannels; c++, target++) {
          const channel = Math.floor(c / multiplier);
          let sum = 0;
          for (let i = 0; i < filterHeight; i++) {
            const atY = row * info.strideHeight - info.padInfo.top + i * info.dilationHeight;
            if (atY < 0 || atY >= inHeight) continue;
            for (let j = 0; j < filterWidth; j++) {
              const atX = column * info.strideWidth - info.padInfo.left + j * info.dilationWidth;
              if (atX < 0 || atX >= inWidth) continue;
              const value = from[((n * inHeight + atY) * inWidth + atX) * inChannels + channel] as number;
              sum += value * (taps[(i * filterWidth + j) * outChannels + c] as number);
            }
          }
          to[target] = sum;
        }
      }
    }
  }
}
