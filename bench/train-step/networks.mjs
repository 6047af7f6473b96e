/** The networks whose training step is measured, each as `torch_networks.py` builds it in PyTorch. */
import { efficientnetLite0, mobileNetV2, resnet20 } from '@espalier/models';
import * as tfl from '@tensorflow/tfjs-layers';

const { layers } = tfl;

/** Blocks of a stage, kernel size, stride of the first, expansion, output channels; EfficientNet-B0 (its table 1). */
const B0 = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
];

/** What is trained: a network, its batch of images, and how many classes a label or a pixel has. */
export const networks = {
  'resnet20 32 px': { build: () => resnet20({ seed: 1 }), batch: 64, side: 32, classes: 10 },
  'efficientnet-lite0 128 px': {
    build: () => efficientnetLite0({ seed: 1, inputShape: [128, 128, 3], classes: 101 }),
    batch: 32,
    side: 128,
    classes: 101,
  },
  'mobilenet-v2 128 px': {
    build: () => mobileNetV2({ seed: 1, inputShape: [128, 128, 3], classes: 101, variant: 'keras' }),
    batch: 32,
    side: 128,
    classes: 101,
  },
  'efficientnet-b0 128 px': { build: efficientNetB0, batch: 16, side: 128, classes: 101 },
  'u-net 128 px': { build: uNet, batch: 8, side: 128, classes: 4, perPixel: true },
};

function convolve(x, filters, kernelSize, strides, activation) {
  const convolution = { kernelSize, strides, padding: 'same', useBias: false };
  const layer =
    filters === undefined ? layers.depthwiseConv2d(convolution) : layers.conv2d({ ...convolution, filters });
  const normal = layers.batchNormalization({ epsilon: 1e-3, momentum: 0.99 }).apply(layer.apply(x));
  return activation ? activation().apply(normal) : normal;
}

/** Scales every channel by what all of its pixels say; `squeezed` channels lie in between. */
function squeezeAndExcite(x, channels, squeezed) {
  const mean = layers.globalAveragePooling2d({}).apply(x);
  const inner = layers.dense({ units: squeezed, activation: 'swish' }).apply(mean);
  const scale = layers.dense({ units: channels, activation: 'sigmoid' }).apply(inner);
  return layers.multiply().apply([x, layers.reshape({ targetShape: [1, 1, channels] }).apply(scale)]);
}

/** No network of `@espalier/models` has swish. */
function efficientNetB0() {
  const activation = () => layers.activation({ activation: 'swish' });
  const input = tfl.input({ shape: [128, 128, 3] });
  let x = convolve(input, 32, 3, 2, activation);
  let channels = 32;
  for (const [repeats, size, firstStride, expansion, filters] of B0) {
    for (let index = 0; index < repeats; index++) {
      const stride = index === 0 ? firstStride : 1;
      const wide = channels * expansion;
      let y = expansion === 1 ? x : convolve(x, wide, 1, 1, activation);
      y = convolve(y, undefined, size, stride, activation);
      y = squeezeAndExcite(y, wide, Math.max(1, Math.floor(channels / 4)));
      y = convolve(y, filters, 1, 1);
      x = stride === 1 && channels === filters ? layers.add().apply([x, y]) : y;
      channels = filters;
    }
  }
  x = layers.globalAveragePooling2d({}).apply(convolve(x, 1280, 1, 1, activation));
  return tfl.model({ inputs: input, outputs: layers.dense({ units: 101 }).apply(x) });
}

/**
 * A small U-Net of three levels, 16 channels at the first; on the way up one transposed convolution, one bilinear and
 * one nearest upsampling.
 */
function uNet() {
  const relu = () => layers.reLU();
  const twice = (x, filters) => convolve(convolve(x, filters, 3, 1, relu), filters, 3, 1, relu);
  const input = tfl.input({ shape: [128, 128, 3] });
  const skips = [];
  let x = input;
  for (const filters of [16, 32, 64]) {
    x = twice(x, filters);
    skips.push(x);
    x = layers.maxPooling2d({ poolSize: 2 }).apply(x);
  }
  x = twice(x, 128);
  const ups = [
    layers.conv2dTranspose({ filters: 64, kernelSize: 2, strides: 2, padding: 'same' }),
    layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
    layers.upSampling2d({ size: [2, 2], interpolation: 'nearest' }),
  ];
  for (const up of ups) {
    const skip = skips.pop();
    x = twice(layers.concatenate().apply([up.apply(x), skip]), skip.shape[3]);
  }
  return tfl.model({ inputs: input, outputs: layers.conv2d({ filters: 4, kernelSize: 1 }).apply(x) });
}
