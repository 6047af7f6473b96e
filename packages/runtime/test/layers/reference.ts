import * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionNode, GraphNode, Padding, Shape } from '../../src/graph/graph.js';

/** What TensorFlow.js, on the backend that is set, makes of one layer; its result row by row. */
export async function reference(node: GraphNode, shape: Shape, inputs: readonly Float32Array[]): Promise<Float32Array> {
  const result = tf.tidy(() => {
    const x = tf.tensor(inputs[0]!, [1, ...shape]);
    const residual = inputs[1] === undefined ? undefined : tf.tensor(inputs[1], [1, ...node.shape]);
    return value(node, x, residual);
  });
  const values = (await result.data()) as Float32Array;
  result.dispose();
  return values;
}

function value(node: GraphNode, x: tf.Tensor, residual: tf.Tensor | undefined): tf.Tensor {
  switch (node.kind) {
    case 'convolution': {
      const sum = tf.add(convolved(node, x as tf.Tensor4D), node.bias ? tf.tensor1d(node.bias) : 0);
      const all = residual === undefined ? sum : tf.add(sum, residual);
      return node.activation === 'linear' ? all : node.activation === 'relu' ? tf.relu(all) : tf.relu6(all);
    }
    case 'dense': {
      const kernel = tf.tensor2d(node.kernel, [x.size, node.kernel.length / x.size]);
      return tf.add(tf.matMul(x as tf.Tensor2D, kernel), node.bias ? tf.tensor1d(node.bias) : 0);
    }
    case 'pool':
      // Zeros stand for the padding: here every value in a window is positive, as after a ReLU.
      return tf.maxPool(padded(x as tf.Tensor4D, node.padding), [...node.size], [...node.strides], 'valid');
    case 'globalPool':
      return tf.mean(x, [1, 2]);
    default:
      throw new Error(`There is no reference for a layer of kind ${node.kind}.`);
  }
}

function convolved(node: ConvolutionNode, x: tf.Tensor4D): tf.Tensor {
  const [height, width, inputs, outputs] = node.kernelShape;
  const image = padded(x, node.padding);
  if (node.groups === 1) {
    const kernel = tf.tensor4d(node.kernel, [height, width, inputs, outputs]);
    return tf.conv2d(image, kernel, [...node.strides], 'valid');
  }
  const kernel = tf.tensor4d(node.kernel, [height, width, node.groups, outputs / node.groups]);
  return tf.depthwiseConv2d(image, kernel, [...node.strides], 'valid');
}

function padded(x: tf.Tensor4D, { top, bottom, left, right }: Padding): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
}
