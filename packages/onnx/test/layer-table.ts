import * as tf from '@tensorflow/tfjs-layers';

type Make = () => tf.layers.Layer[];
const L = tf.layers;
const image = { inputShape: [7, 6, 4] };
const sequence = { inputShape: [9, 4] };
const vector = { inputShape: [5] };
const two = { kernelSize: 3, filters: 6 };

const activationNames = [
  ...['relu', 'relu6', 'sigmoid', 'tanh', 'elu', 'selu', 'softplus', 'softsign', 'softmax', 'logSoftmax'],
  ...['hardSigmoid', 'swish', 'mish', 'gelu', 'gelu_new', 'linear'],
];

/** A stack of layers for each form of each layer that can be written. */
export const layerTable: Readonly<Record<string, Make>> = {
  'Conv2D valid': () => [L.conv2d({ ...two, ...image })],
  'Conv2D same': () => [L.conv2d({ ...two, ...image, padding: 'same', useBias: false })],
  'Conv2D same, strides': () => [L.conv2d({ ...two, ...image, padding: 'same', strides: [2, 3], activation: 'relu' })],
  'Conv2D even kernel, same': () => [L.conv2d({ filters: 3, kernelSize: [4, 2], padding: 'same', ...image })],
  'Conv2D dilated': () => [L.conv2d({ ...two, ...image, padding: 'same', dilationRate: 2 })],
  'Conv2D strides over the kernel': () => [
    L.conv2d({ filters: 3, kernelSize: 1, strides: 2, padding: 'same', ...image }),
  ],
  'Conv1D same, strides': () => [L.conv1d({ ...two, ...sequence, padding: 'same', strides: 2 })],
  'Conv1D dilated': () => [L.conv1d({ ...two, ...sequence, dilationRate: 2, activation: 'relu' })],
  'DepthwiseConv2D same': () => [L.depthwiseConv2d({ kernelSize: 3, padding: 'same', strides: 2, ...image })],
  'DepthwiseConv2D multiplier': () => [
    L.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, activation: 'relu6', ...image }),
  ],
  SeparableConv2D: () => [L.separableConv2d({ ...two, ...image, depthMultiplier: 2, padding: 'same', strides: 2 })],
  'Conv2DTranspose same': () => [L.conv2dTranspose({ ...two, ...image, padding: 'same', strides: 2 })],
  'Conv2DTranspose valid': () => [L.conv2dTranspose({ ...two, ...image, strides: [2, 1], activation: 'relu' })],
  'Conv2DTranspose even kernel': () => [
    L.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 2, padding: 'same', ...image }),
  ],
  'Conv2DTranspose strides over the kernel': () => [
    L.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3, ...image }),
  ],
  Dense: () => [L.dense({ units: 3, activation: 'softmax', ...vector })],
  'Dense without bias': () => [L.dense({ units: 3, useBias: false, ...vector })],
  'Dense of images': () => [L.dense({ units: 3, activation: 'softmax', ...image })],
  'Dense of sequences': () => [L.dense({ units: 3, useBias: false, ...sequence })],
  'Dense of four axes': () => [L.dense({ units: 3, activation: 'relu', inputShape: [2, 3, 2, 4] })],
  MaxPooling2D: () => [L.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same', ...image })],
  MaxPooling1D: () => [L.maxPooling1d({ poolSize: 2, ...sequence })],
  'AveragePooling2D same': () => [L.averagePooling2d({ poolSize: [3, 2], strides: 2, padding: 'same', ...image })],
  'AveragePooling2D valid': () => [L.averagePooling2d({ poolSize: 2, ...image })],
  'AveragePooling1D same': () => [L.averagePooling1d({ poolSize: 4, strides: 3, padding: 'same', ...sequence })],
  GlobalAveragePooling2D: () => [L.globalAveragePooling2d({ ...image } as never)],
  GlobalAveragePooling1D: () => [L.globalAveragePooling1d({ ...sequence } as never)],
  GlobalMaxPooling2D: () => [L.globalMaxPooling2d({ ...image } as never)],
  GlobalMaxPooling1D: () => [L.globalMaxPooling1d({ ...sequence } as never)],
  'BatchNormalization of images': () => [L.batchNormalization({ ...image, epsilon: 0.01 })],
  'BatchNormalization of sequences': () => [L.batchNormalization({ ...sequence, scale: false })],
  'BatchNormalization of vectors': () => [L.batchNormalization({ ...vector, center: false })],
  LayerNormalization: () => [L.layerNormalization({ ...image })],
  Rescaling: () => [L.rescaling({ scale: 0.5, offset: -1, ...image } as never)],
  'Rescaling of channels': () => [
    L.conv2d({ ...two, ...image }),
    L.rescaling({ scale: [1, 2, 3, 4, 5, 6], offset: [0.5, 0, 0, 1, 0, 0] } as never),
  ],
  ReLU: () => [L.reLU({ ...image })],
  'ReLU of a maximum': () => [L.reLU({ maxValue: 1, ...image })],
  LeakyReLU: () => [L.leakyReLU({ alpha: 0.2, ...image })],
  ThresholdedReLU: () => [L.thresholdedReLU({ theta: 0.7, ...image })],
  ELU: () => [L.elu({ ...image })],
  PReLU: () => [L.prelu({ ...image })],
  'PReLU of channels': () => [L.conv2d({ ...two, ...image }), L.prelu({ sharedAxes: [1, 2] })],
  Softmax: () => [L.softmax({ axis: -1, ...image })],
  'Softmax of vectors': () => [L.softmax({ ...vector })],
  ...Object.fromEntries(
    activationNames.map(activation => [
      `Activation ${activation}`,
      () => [L.activation({ activation: activation as 'relu', ...image })],
    ]),
  ),
  'Flatten of an image': () => [L.flatten({ ...image }), L.dense({ units: 2 })],
  'Flatten of one place': () => [L.maxPooling2d({ poolSize: [7, 6], ...image }), L.flatten()],
  Reshape: () => [L.reshape({ targetShape: [12, 14], ...image })],
  'Reshape to one place': () => [
    L.reshape({ targetShape: [1, 1, 5], ...vector }),
    L.conv2d({ filters: 2, kernelSize: 1 }),
  ],
  'Reshape to an image': () => [L.conv2d({ ...two, ...image }), L.reshape({ targetShape: [6, 4, 5] }), L.conv2d(two)],
  Permute: () => [
    L.conv2d({ ...two, ...image }),
    L.permute({ dims: [2, 3, 1] }),
    L.conv2d({ filters: 2, kernelSize: 1 }),
  ],
  ZeroPadding2D: () => [
    L.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 3],
      ],
      ...image,
    }),
  ],
  Cropping2D: () => [
    L.cropping2D({
      cropping: [
        [1, 2],
        [0, 3],
      ],
      ...image,
    }),
  ],
  'UpSampling2D nearest': () => [L.upSampling2d({ size: [2, 3], ...image })],
  'UpSampling2D bilinear': () => [L.upSampling2d({ size: [2, 3], interpolation: 'bilinear', ...image })],
  Dropout: () => [L.dropout({ rate: 0.5, ...vector })],
  SpatialDropout1D: () => [L.spatialDropout1d({ rate: 0.5, ...sequence })],
  GaussianNoise: () => [L.gaussianNoise({ stddev: 1, ...vector })],
  GaussianDropout: () => [L.gaussianDropout({ rate: 0.5, ...vector })],
  AlphaDropout: () => [L.alphaDropout({ rate: 0.5, ...vector })],
};
