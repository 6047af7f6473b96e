import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';

type Image = SymbolicTensor;
type Activation = 'relu' | 'relu6' | 'swish' | 'hardSwish';

const on = (layer: layers.Layer, x: Image | Image[]): Image => layer.apply(x) as Image;
const channelsOf = (x: Image): number => x.shape.at(-1)!;

/** x relu6(x + 3) / 6 in layers that TensorFlow.js has, as MobileNetV3 of Keras writes it. */
function hardSwish(x: Image): Image {
  const shifted = on(layers.rescaling({ scale: 1, offset: 3 }) as layers.Layer, x);
  const gate = on(
    layers.rescaling({ scale: 1 / 6, offset: 0 }) as layers.Layer,
    on(layers.reLU({ maxValue: 6 }), shifted),
  );
  return on(layers.multiply({}), [x, gate]);
}

function activated(x: Image, activation: Activation): Image {
  return activation === 'hardSwish' ? hardSwish(x) : on(layers.activation({ activation: activation as 'relu' }), x);
}

interface Convolution {
  readonly filters: number;
  readonly size?: number | [number, number];
  readonly strides?: number;
  readonly activation?: Activation;
}

function convolution(x: Image, { filters, size = 1, strides = 1, activation }: Convolution): Image {
  const sums = on(layers.conv2d({ filters, kernelSize: size, strides, padding: 'same', useBias: false }), x);
  const normalized = on(layers.batchNormalization({}), sums);
  return activation === undefined ? normalized : activated(normalized, activation);
}

/** Squeeze and excitation: each channel times a gate that its averages decide. */
function excited(x: Image, gate: 'sigmoid' | 'hardSigmoid'): Image {
  const channels = channelsOf(x);
  const squeezed = on(layers.reshape({ targetShape: [1, 1, channels] }), on(layers.globalAveragePooling2d({}), x));
  const reduced = on(layers.conv2d({ filters: Math.ceil(channels / 4), kernelSize: 1, activation: 'relu' }), squeezed);
  return on(layers.multiply({}), [
    x,
    on(layers.conv2d({ filters: channels, kernelSize: 1, activation: gate }), reduced),
  ]);
}

interface Inverted {
  readonly expansion: number;
  readonly filters: number;
  readonly size: number;
  readonly strides: number;
  readonly activation: Activation;
  readonly gate?: 'sigmoid' | 'hardSigmoid';
}

/** MobileNetV2's inverted residual, with a gate in MobileNetV3 and EfficientNet. */
function inverted(x: Image, { expansion, filters, size, strides, activation, gate }: Inverted): Image {
  const wide = expansion === 1 ? x : convolution(x, { filters: expansion * channelsOf(x), activation });
  const padding = 'same';
  const depthwise = on(layers.depthwiseConv2d({ kernelSize: size, strides, padding, useBias: false }), wide);
  const normalized = activated(on(layers.batchNormalization({}), depthwise), activation);
  const result = convolution(gate ? excited(normalized, gate) : normalized, { filters });
  return strides === 1 && filters === channelsOf(x) ? on(layers.add({}), [x, result]) : result;
}

const image = (): Image => input({ shape: [32, 32, 3], name: 'image' });
const classified = (x: Image): Image =>
  on(layers.dense({ units: 5, activation: 'softmax' }), on(layers.globalAveragePooling2d({}), x));

function mobileNet(activation: Activation, gate?: 'sigmoid' | 'hardSigmoid'): LayersModel {
  const inputs = image();
  let x = convolution(inputs, { filters: 32, size: 3, strides: 2, activation });
  const gated = gate === undefined ? {} : { gate };
  x = inverted(x, { expansion: 1, filters: 8, size: 3, strides: 1, activation });
  x = inverted(x, { expansion: 4, filters: 12, size: 3, strides: 2, activation, ...gated });
  x = inverted(x, { expansion: 4, filters: 12, size: 3, strides: 1, activation, ...gated });
  x = inverted(x, { expansion: 6, filters: 16, size: 5, strides: 2, activation, ...gated });
  x = convolution(x, { filters: 24, activation });
  return model({ inputs, outputs: classified(x) });
}

/** Encoder, decoder, and joins between them; enlarged by transposed convolutions or by repeating pixels. */
function uNet(up: 'transposed' | 'nearest' | 'bilinear'): LayersModel {
  const inputs = image();
  const twice = (x: Image, filters: number): Image =>
    convolution(convolution(x, { filters, size: 3, activation: 'relu' }), { filters, size: 3, activation: 'relu' });
  const enlarged = (x: Image, filters: number): Image =>
    up === 'transposed'
      ? on(layers.conv2dTranspose({ filters, kernelSize: 2, strides: 2, padding: 'same' }), x)
      : convolution(on(layers.upSampling2d({ size: [2, 2], interpolation: up }), x), { filters, size: 2 });
  const high = twice(inputs, 6);
  const middle = twice(on(layers.maxPooling2d({ poolSize: 2 }), high), 10);
  const low = on(layers.dropout({ rate: 0.5 }), twice(on(layers.maxPooling2d({ poolSize: 2 }), middle), 16));
  const first = twice(on(layers.concatenate({}), [middle, enlarged(low, 10)]), 10);
  const second = twice(on(layers.concatenate({}), [high, enlarged(first, 6)]), 6);
  return model({ inputs, outputs: on(layers.conv2d({ filters: 3, kernelSize: 1, activation: 'softmax' }), second) });
}

/** Normalization and activation before each convolution, whose input is all that came before. */
function denseNet(): LayersModel {
  const inputs = image();
  const before = (x: Image, filters: number, size: number): Image => {
    const ready = on(layers.reLU({}), on(layers.batchNormalization({}), x));
    return on(layers.conv2d({ filters, kernelSize: size, padding: 'same', useBias: false }), ready);
  };
  let x = on(
    layers.zeroPadding2d({ padding: 1 }),
    on(layers.conv2d({ filters: 32, kernelSize: 7, strides: 2, padding: 'same' }), inputs),
  );
  x = on(layers.maxPooling2d({ poolSize: 3, strides: 2 }), x);
  for (let layer = 0; layer < 3; layer++) x = on(layers.concatenate({}), [x, before(before(x, 16, 1), 6, 3)]);
  x = on(layers.averagePooling2d({ poolSize: 2 }), before(x, 20, 1));
  for (let layer = 0; layer < 2; layer++) x = on(layers.concatenate({}), [x, before(before(x, 16, 1), 6, 3)]);
  return model({ inputs, outputs: classified(on(layers.reLU({}), on(layers.batchNormalization({}), x))) });
}

/** Branches of several windows, factorized ones too, joined; pools between them. */
function inception(): LayersModel {
  const inputs = image();
  const relu = 'relu' as const;
  let x = convolution(inputs, { filters: 12, size: 3, strides: 2, activation: relu });
  const pool = on(layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same' }), x);
  x = on(layers.concatenate({}), [
    convolution(x, { filters: 6, activation: relu }),
    convolution(convolution(x, { filters: 5, activation: relu }), { filters: 7, size: 5, activation: relu }),
    convolution(
      convolution(convolution(x, { filters: 5, activation: relu }), { filters: 6, size: [1, 7], activation: relu }),
      { filters: 6, size: [7, 1], activation: relu },
    ),
    convolution(pool, { filters: 4, activation: relu }),
  ]);
  const reduced = [
    on(layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, activation: relu }), x),
    on(layers.maxPooling2d({ poolSize: 3, strides: 2 }), x),
  ];
  return model({ inputs, outputs: classified(on(layers.concatenate({}), reduced)) });
}

/** Small networks with every kind of block of their families. */
export const networks: Readonly<Record<string, () => LayersModel>> = {
  'MobileNetV2 and EfficientNet-Lite': () => mobileNet('relu6'),
  'MobileNetV3 with hard swish and gates': () => mobileNet('hardSwish', 'hardSigmoid'),
  'EfficientNet with swish and gates': () => mobileNet('swish', 'sigmoid'),
  'U-Net with transposed convolutions': () => uNet('transposed'),
  'U-Net with repeated pixels': () => uNet('nearest'),
  'U-Net with interpolated pixels': () => uNet('bilinear'),
  DenseNet: denseNet,
  Inception: inception,
};
