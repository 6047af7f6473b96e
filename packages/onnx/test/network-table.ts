import * as tf from '@tensorflow/tfjs-layers';

type Tensor = tf.SymbolicTensor;
const L = tf.layers;

/** A layer called on something. */
const on = (layer: tf.layers.Layer, ...inputs: Tensor[]): Tensor =>
  layer.apply(inputs.length === 1 ? (inputs[0] as Tensor) : inputs) as Tensor;

const conv = (x: Tensor, filters: number, options: object = {}): Tensor =>
  on(L.conv2d({ filters, kernelSize: 3, padding: 'same', ...options }), x);

const merged = (make: () => tf.layers.Layer, shapes: readonly number[][]): (() => tf.LayersModel) => {
  return () => {
    const inputs = shapes.map((shape, index) => tf.input({ shape: [...shape], name: `in${index}` }));
    return tf.model({ inputs, outputs: on(make(), ...inputs) });
  };
};

function squeezeAndExcitation(): tf.LayersModel {
  const image = tf.input({ shape: [8, 8, 3], name: 'image' });
  const wide = on(L.activation({ activation: 'swish' }), on(L.batchNormalization(), conv(image, 8)));
  const squeezed = on(L.reshape({ targetShape: [1, 1, 8] }), on(L.globalAveragePooling2d({} as never), wide));
  const small = on(L.conv2d({ filters: 2, kernelSize: 1, activation: 'swish' }), squeezed);
  const scales = on(L.conv2d({ filters: 8, kernelSize: 1, activation: 'sigmoid' }), small);
  const excited = on(L.multiply(), wide, scales);
  const head = on(L.dense({ units: 3, activation: 'softmax' }), on(L.flatten(), excited));
  return tf.model({ inputs: image, outputs: head });
}

function unet(): tf.LayersModel {
  const image = tf.input({ shape: [8, 8, 2], name: 'image' });
  const top = conv(image, 4, { activation: 'relu' });
  const middle = conv(on(L.maxPooling2d({ poolSize: 2 }), top), 6, { activation: 'relu' });
  const bottom = conv(on(L.maxPooling2d({ poolSize: 2 }), middle), 8, { activation: 'relu' });
  const up = on(L.conv2dTranspose({ filters: 6, kernelSize: 2, strides: 2, padding: 'same' }), bottom);
  const joined = conv(on(L.concatenate(), up, middle), 6, { activation: 'relu' });
  const whole = on(L.concatenate(), on(L.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }), joined), top);
  return tf.model({ inputs: image, outputs: conv(whole, 2, { activation: 'sigmoid' }) });
}

function residual(): tf.LayersModel {
  const image = tf.input({ shape: [9, 9, 3], name: 'image' });
  const stem = on(L.reLU({ maxValue: 6 }), on(L.batchNormalization(), conv(image, 4, { strides: 2, useBias: false })));
  const inner = on(L.batchNormalization(), on(L.depthwiseConv2d({ kernelSize: 3, padding: 'same' }), stem));
  const sum = on(L.add(), stem, inner);
  const pooled = on(L.globalAveragePooling2d({} as never), on(L.dropout({ rate: 0.1 }), sum));
  return tf.model({ inputs: image, outputs: on(L.dense({ units: 4 }), pooled) });
}

function nested(): tf.LayersModel {
  const inner = tf.sequential({
    layers: [L.conv2d({ filters: 3, kernelSize: 3, padding: 'same', inputShape: [6, 6, 3] }), L.reLU()],
  });
  const image = tf.input({ shape: [6, 6, 3], name: 'image' });
  const once = on(inner, image);
  return tf.model({ inputs: image, outputs: on(L.average(), once, on(inner, once)) });
}

function nestedFirst(): tf.LayersModel {
  const inner = tf.sequential({ layers: [L.conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 3] }), L.reLU()] });
  return tf.sequential({ layers: [inner, L.flatten(), L.dense({ units: 2 })] });
}

function severalEnds(): tf.LayersModel {
  const image = tf.input({ shape: [6, 6, 3], name: 'image' });
  const vector = tf.input({ shape: [4], name: 'vector' });
  const features = on(L.conv2d({ name: 'features', filters: 4, kernelSize: 3, activation: 'tanh' }), image);
  const sum = on(L.add({ name: 'sum' }), features, vector);
  const scores = on(L.dense({ name: 'scores', units: 2 }), on(L.flatten({ name: 'flat' }), sum));
  return tf.model({ inputs: [image, vector], outputs: [features, sum, scores] });
}

function passedThrough(): tf.LayersModel {
  const image = tf.input({ shape: [4, 4, 2], name: 'image' });
  const same = on(L.dropout({ name: 'drop', rate: 0.5 }), image);
  const double = on(L.add({ name: 'double' }), same, image);
  return tf.model({ inputs: image, outputs: [same, double] });
}

/** Networks of several paths. */
export const networkTable: Readonly<Record<string, () => tf.LayersModel>> = {
  Add: merged(
    () => L.add(),
    [
      [4, 4, 2],
      [4, 4, 2],
      [4, 4, 2],
    ],
  ),
  'Add of vectors': merged(() => L.add(), [[3], [3]]),
  'Multiply, one place spread over many': merged(
    () => L.multiply(),
    [
      [4, 4, 2],
      [1, 1, 2],
    ],
  ),
  'Multiply, a vector spread over places': merged(() => L.multiply(), [[4, 4, 2], [2]]),
  'Add, a sequence spread over an image': merged(
    () => L.add(),
    [
      [4, 5, 2],
      [5, 2],
    ],
  ),
  Average: merged(
    () => L.average(),
    [
      [4, 4, 2],
      [4, 4, 2],
    ],
  ),
  Maximum: merged(
    () => L.maximum(),
    [
      [4, 4, 2],
      [4, 4, 2],
    ],
  ),
  Minimum: merged(
    () => L.minimum(),
    [
      [4, 2],
      [4, 2],
    ],
  ),
  Concatenate: merged(
    () => L.concatenate(),
    [
      [4, 4, 2],
      [4, 4, 3],
    ],
  ),
  'Concatenate of rows': merged(
    () => L.concatenate({ axis: 1 }),
    [
      [4, 4, 2],
      [3, 4, 2],
    ],
  ),
  'Concatenate of vectors': merged(() => L.concatenate(), [[4], [3]]),
  'a residual network with depthwise convolutions': residual,
  'squeeze and excitation': squeezeAndExcitation,
  'a U-Net': unet,
  'a network inside a network, called twice': nested,
  'a network that begins with a network': nestedFirst,
  'two inputs and three outputs': severalEnds,
  'an input that is an output as it is': passedThrough,
};
