import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { compose, finish, tensorOf } from './compose.js';

/** What the attributes of two-dimensional convolutions say, whichever kernel they are for. */
interface Attributes {
  readonly strides: [number, number] | number;
  readonly pad: 'same' | 'valid' | number;
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
  readonly inputShape?: readonly number[];
  readonly filterShape?: readonly number[];
}

type Four = [number, number, number, number];

const toLast = <Rank extends tf.Tensor>(x: Rank): Rank => tf.transpose(x, [0, 2, 3, 1]);
const toFirst = <Rank extends tf.Tensor>(x: Rank): Rank => tf.transpose(x, [0, 3, 1, 2]);
const shapeToLast = ([batch = 0, channels = 0, height = 0, width = 0]: readonly number[]): Four => [
  batch,
  height,
  width,
  channels,
];

/**
 * A convolution of images with their channels first, which TensorFlow.js' own kernels refuse: transposed before and
 * after.
 */
export function convolveChannelsFirst(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): TensorInfo {
  const { strides, pad, dilations, dimRoundingMode, ...rest } = attributes as unknown as Attributes;
  const [x, filter] = [tensorOf<tf.Tensor4D>(inputs, 'x'), tensorOf<tf.Tensor4D>(inputs, 'filter')];
  return compose(() => {
    const y = tf.conv2d(toLast(x), filter, strides, pad, 'NHWC', dilations ?? 1, dimRoundingMode);
    return toFirst(finish(y, inputs, rest));
  });
}

/** The gradient with respect to the input of {@link convolveChannelsFirst}. */
export function inputGradientChannelsFirst(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): TensorInfo {
  const { strides, pad, dimRoundingMode, inputShape = [] } = attributes as unknown as Attributes;
  const dy = tensorOf<tf.Tensor4D>(inputs, 'dy');
  return compose(() => {
    const given = { dy: toLast(dy), filter: tensorOf(inputs, 'filter') };
    const settings = { strides, pad, dimRoundingMode, dataFormat: 'NHWC', inputShape: shapeToLast(inputShape) };
    return toFirst(run('Conv2DBackpropInput', given, settings));
  });
}

/** The gradient with respect to the filter of {@link convolveChannelsFirst}. */
export function filterGradientChannelsFirst(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): TensorInfo {
  const [x, dy] = [tensorOf<tf.Tensor4D>(inputs, 'x'), tensorOf<tf.Tensor4D>(inputs, 'dy')];
  return compose(() =>
    run('Conv2DBackpropFilter', { x: toLast(x), dy: toLast(dy) }, { ...attributes, dataFormat: 'NHWC' }),
  );
}

function run(kernel: string, inputs: Record<string, tf.Tensor>, attributes: object): tf.Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as NamedAttrMap) as tf.Tensor;
}
