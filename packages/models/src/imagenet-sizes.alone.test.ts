import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it, vi } from 'vitest';
import { mobileNetV1, modelByName, resnet18, resnet50, resnet56, vgg16, wideResNet } from './index.js';

// Zeros in place of 25 million draws: these tests look at shapes only.
vi.mock('./layers/initializer.js', () => {
  const zeros = (): unknown => layers.initializers.zeros();
  return { heNormal: zeros, leCunNormal: zeros, depthwiseHeNormal: zeros };
});

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const parameters = (weights: layers.LayersModel['weights']): number =>
  weights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0);

/** Multiply-accumulates of all convolutions and dense layers for one image. */
const multiplyAccumulates = (model: layers.LayersModel): number =>
  model.layers.reduce((sum, layer) => {
    const kernel = layer.weights.find(({ originalName }) => originalName.endsWith('kernel'));
    if (kernel === undefined) return sum;
    const [, ...output] = layer.outputShape as number[];
    const positions = output.length === 3 ? output[0]! * output[1]! : 1;
    return sum + positions * tf.util.sizeFromShape(kernel.shape as number[]);
  }, 0);

it('ResNet-50 has 25,557,032 trainable parameters and 4,089,184,256 multiply-accumulates, as in torchvision', () => {
  const before = tf.memory().numTensors;
  const model = resnet50();
  // 25,502,912 entries of 53 convolutions and the last layer (docs/methods/magnitude.md) + 1,000 biases + normalization
  // 2·(64 + Σ blocks·(2w + 4w) + 4w for w = 64, 128, 256, 512) = 2·(64 + 1,152+256 + 3,072+512 + 9,216+1,024 +
  // 9,216+2,048) = 53,120
  expect(parameters(model.trainableWeights)).toBe(25_502_912 + 1_000 + 53_120);
  expect(parameters(model.trainableWeights)).toBe(25_557_032);
  expect(model.countParams()).toBe(25_557_032 + 53_120);
  expect(multiplyAccumulates(model)).toBe(4_089_184_256);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('every stage of ResNet-50 has the shape of the table of the paper, with the stride on the 3x3', () => {
  const model = resnet50();
  const shape = (name: string): unknown => model.getLayer(name).outputShape;
  expect(shape('conv1')).toEqual([null, 112, 112, 64]);
  expect(shape('maxpool')).toEqual([null, 56, 56, 64]);
  expect(shape('layer1_2_relu')).toEqual([null, 56, 56, 256]);
  expect(shape('layer2_0_conv1')).toEqual([null, 56, 56, 128]); // version 1: 28 already here
  expect(shape('layer2_0_conv2')).toEqual([null, 28, 28, 128]);
  expect(shape('layer2_0_downsample_0')).toEqual([null, 28, 28, 512]);
  expect(shape('layer2_3_relu')).toEqual([null, 28, 28, 512]);
  expect(shape('layer3_5_relu')).toEqual([null, 14, 14, 1024]);
  expect(shape('layer4_2_relu')).toEqual([null, 7, 7, 2048]);
  expect(model.outputShape).toEqual([null, 1000]);
  expect(model.weights.filter(({ originalName }) => originalName.endsWith('/kernel'))).toHaveLength(54);
  model.dispose();
});

it('MobileNetV1 has 4,231,976 trainable parameters and 568,740,352 multiply-accumulates, as in Keras', () => {
  const before = tf.memory().numTensors;
  const model = mobileNetV1();
  // 3·3·3·32 + 9·(32+64+128+128+256+256+6·512+1024 = 4,960) + 3,139,584 + 2·(4,960 + 5,984 = 10,944) + 1024·1000 + 1000
  expect(parameters(model.trainableWeights)).toBe(864 + 44_640 + 3_139_584 + 21_888 + 1_025_000);
  expect(parameters(model.trainableWeights)).toBe(4_231_976);
  expect(model.countParams()).toBe(4_253_864); // what Keras's summary prints
  expect(multiplyAccumulates(model)).toBe(568_740_352);
  expect(model.getLayer('conv_pw_13').outputShape).toEqual([null, 7, 7, 1024]);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it.each([
  [0.25, 470_072],
  [0.5, 1_331_592],
  [0.75, 2_585_560],
])('MobileNetV1 at multiplier %d has %i trainable parameters', (widthMultiplier, expected) => {
  // Published: 0.5, 1.3 and 2.6 million (table 7 of the paper); worked out here as at multiplier 1.
  const model = mobileNetV1({ widthMultiplier });
  expect(parameters(model.trainableWeights)).toBe(expected);
  model.dispose();
});

it('ResNet-18 has 11,689,512 trainable parameters, as in torchvision, and 1,814,073,344 multiply-accumulates', () => {
  const model = resnet18();
  // 9,408 + 4·36,864 + (73,728 + 3·147,456 + 8,192) + (294,912 + 3·589,824 + 32,768) + (1,179,648 + 3·2,359,296 +
  // 131,072) = 11,166,912; normalization 2·(5·64 + 5·128 + 5·256 + 5·512) = 9,600
  expect(parameters(model.trainableWeights)).toBe(11_166_912 + 9_600 + 513_000);
  expect(parameters(model.trainableWeights)).toBe(11_689_512);
  expect(multiplyAccumulates(model)).toBe(1_814_073_344);
  expect(model.layers.some(({ name }) => name === 'layer1_0_downsample_0')).toBe(false);
  expect(model.getLayer('layer2_0_downsample_0').outputShape).toEqual([null, 28, 28, 128]);
  model.dispose();
});

it('ResNet-56 has 125,485,696 multiply-accumulates', () => {
  const model = resnet56();
  // 32²·(432 + 18·2,304) + 16²·(4,608 + 17·9,216) + 8²·(18,432 + 17·36,864) + 640
  expect(multiplyAccumulates(model)).toBe(1_024 * 41_904 + 256 * 161_280 + 64 * 645_120 + 640);
  expect(multiplyAccumulates(model)).toBe(125_485_696);
  model.dispose();
});

it('WRN-28-10 has 36,479,194 trainable parameters and 5,243,328,768 multiply-accumulates', () => {
  const model = wideResNet();
  // stage 1: 23,040 + 7·230,400 + 2,560; stage 2: 460,800 + 7·921,600 + 51,200; stage 3: 1,843,200 + 7·3,686,400 +
  // 204,800; and 432. Normalization 2·(16 + 7·160 + (160 + 7·320) + (320 + 7·640) + 640). Zagoruyko and Komodakis 2016:
  // 36.5 M.
  expect(parameters(model.trainableWeights)).toBe(36_454_832 + 17_952 + 6_410);
  expect(parameters(model.trainableWeights)).toBe(36_479_194);
  expect(multiplyAccumulates(model)).toBe(1_024 * 1_638_832 + 256 * 6_963_200 + 64 * 27_852_800 + 6_400);
  expect(multiplyAccumulates(model)).toBe(5_243_328_768);
  model.dispose();
});

it('VGG-16 has 138,357,544 parameters, as in torchvision, and 15,470,264,320 multiply-accumulates', () => {
  const model = vgg16();
  expect(parameters(model.trainableWeights)).toBe(14_714_688 + 123_642_856);
  expect(model.countParams()).toBe(138_357_544);
  expect(multiplyAccumulates(model)).toBe(15_470_264_320);
  expect(model.getLayer('features_30').outputShape).toEqual([null, 7, 7, 512]);
  expect(model.layers.filter(({ name }) => name.startsWith('features')).map(({ name }) => name)).toEqual(
    Array.from({ length: 31 }, (_, index) => `features_${index}`),
  );
  model.dispose();
});

// Published: 4.7, 5.4, 6.1, 8.2 and 13.0 million parameters, 407, 631, 899, 1440 and 2640 million operations, of which
// 385, 600, 860, 1383 and 2553 are multiply-accumulates of convolutions and the last layer. Lite0 by hand: convolutions
// 3,329,984, normalization 2·21,008, last layer 1,281,000 + 0 in 4,652,008.
it.each([
  // torchvision's counts, and timm's of mobilenetv3_large_100 and mobilenetv3_small_100. V2 by hand: convolutions
  // 2,189,760, normalization 2·17,056, last layer 1,281,000. Papers: 300, 219 and 56 million multiply-accumulates.
  ['mobileNetV2', 3_504_872, 34_112, 300_774_272],
  ['mobileNetV3Large', 5_483_032, 24_400, 216_589_760],
  ['mobileNetV3Small', 2_542_856, 12_112, 56_510_400],
  ['efficientnetLite0', 4_652_008, 42_016, 385_187_552],
  ['efficientnetLite1', 5_416_680, 53_664, 600_185_232],
  ['efficientnetLite2', 6_092_072, 58_096, 859_736_272],
  ['efficientnetLite3', 8_197_096, 76_672, 1_383_321_872],
  ['efficientnetLite4', 13_006_568, 112_368, 2_553_034_336],
])(
  '%s has %i trainable parameters, %i moving statistics and %i multiply-accumulates',
  (name, trained, moving, macs) => {
    const before = tf.memory().numTensors;
    const model = modelByName(name);
    expect(parameters(model.trainableWeights)).toBe(trained);
    expect(model.countParams()).toBe(trained + moving);
    expect(multiplyAccumulates(model)).toBe(macs);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);

// What timm 1.0.31 counts for mobilenetv2_035 to mobilenetv2_140, mobilenetv3_large_075, mobilenetv3_small_050 and
// _075; torchvision 0.29.2 counts the same for its mobilenet_v2(width_mult=…).
it.each([
  ['mobileNetV2', 0.35, 1_677_128],
  ['mobileNetV2', 0.5, 1_968_680],
  ['mobileNetV2', 0.75, 2_636_424],
  ['mobileNetV2', 1.4, 6_108_776],
  ['mobileNetV3Large', 0.75, 3_993_528],
  ['mobileNetV3Small', 0.5, 1_593_224],
  ['mobileNetV3Small', 0.75, 2_041_872],
])('%s at multiplier %d has %i trainable parameters, as in timm', (name, widthMultiplier, expected) => {
  const model = modelByName(name, { widthMultiplier });
  expect(parameters(model.trainableWeights)).toBe(expected);
  model.dispose();
});
