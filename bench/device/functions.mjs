import * as tf from '@tensorflow/tfjs-core';
import { noise } from './numbers.mjs';

/** Name, input shapes, and a function of those inputs; its gradients are those of a sum weighted with noise. */
export const functions = [
  [
    'conv2d 3x3 stride 1 same',
    [
      [4, 8, 8, 5],
      [3, 3, 5, 6],
    ],
    (x, w) => tf.conv2d(x, w, 1, 'same'),
  ],
  [
    'conv2d 3x3 stride 2 same',
    [
      [4, 9, 9, 5],
      [3, 3, 5, 6],
    ],
    (x, w) => tf.conv2d(x, w, 2, 'same'),
  ],
  [
    'conv2d 3x3 stride 2 valid',
    [
      [2, 9, 8, 3],
      [3, 3, 3, 4],
    ],
    (x, w) => tf.conv2d(x, w, 2, 'valid'),
  ],
  [
    'conv2d 1x1 stride 2',
    [
      [2, 8, 8, 4],
      [1, 1, 4, 8],
    ],
    (x, w) => tf.conv2d(x, w, 2, 'valid'),
  ],
  [
    'conv2d 5x5 explicit padding',
    [
      [2, 8, 8, 3],
      [5, 5, 3, 4],
    ],
    (x, w) =>
      tf.conv2d(x, w, 1, [
        [0, 0],
        [2, 2],
        [2, 2],
        [0, 0],
      ]),
  ],
  [
    'depthwise conv2d 3x3',
    [
      [2, 8, 8, 4],
      [3, 3, 4, 1],
    ],
    (x, w) => tf.depthwiseConv2d(x, w, 1, 'same'),
  ],
  [
    'matMul',
    [
      [16, 20],
      [20, 10],
    ],
    (x, w) => tf.matMul(x, w),
  ],
  ['max pool 2x2', [[2, 8, 8, 3]], x => tf.maxPool(x, 2, 2, 'valid')],
  ['average pool 2x2', [[2, 8, 8, 3]], x => tf.avgPool(x, 2, 2, 'valid')],
  ['global average', [[2, 8, 8, 3]], x => tf.mean(x, [1, 2])],
  ['relu', [[4, 50]], x => tf.relu(x)],
  ['where', [[4, 50]], x => tf.where(tf.tensor(noise(8, 200).map(Math.round), [4, 50], 'bool'), x, tf.zerosLike(x))],
  ['log softmax', [[8, 10]], x => tf.logSoftmax(x)],
  [
    'pad',
    [[2, 4, 4, 3]],
    x =>
      tf.pad(x, [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 2],
      ]),
  ],
  [
    'batch normalization',
    [[8, 6, 6, 5], [5], [5]],
    (x, offset, scale) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean, variance, offset, scale, 1e-3);
    },
  ],
];
