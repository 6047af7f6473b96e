import * as tf from '@tensorflow/tfjs-core';
import { type Family, feedback, say, withGradients } from './case.js';
import type { Random } from './random.js';

type Four = tf.Tensor4D;
type Five = tf.Tensor5D;
type Pad2 = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];

/** Sizes, strides and so on of a two-dimensional window that has an output. */
function window2(random: Random, numeric: boolean) {
  const filter: [number, number] = [random.int(1, 4), random.int(1, 4)];
  const dilated = random.int(0, 2) === 0;
  const strides: [number, number] = dilated ? [1, 1] : [random.int(1, 3), random.int(1, 3)];
  const dilations: [number, number] = dilated ? [random.int(1, 3), random.int(1, 3)] : [1, 1];
  const reach = filter.map((size, i) => (size - 1) * dilations[i]! + 1);
  const size = reach.map(least => least + random.int(0, 6)) as [number, number];
  const explicit: Pad2 = [
    [0, 0],
    [random.int(0, 2), random.int(0, 2)],
    [random.int(0, 2), random.int(0, 2)],
    [0, 0],
  ];
  const pad: Pad2 = random.pick<Pad2>(['same', 'valid', ...(numeric ? [random.int(0, 2), explicit] : [])]);
  if (pad === 'same' && random.bool()) size[0] = random.int(1, 3);
  return { filter, strides, dilations, size, pad };
}

const batchOf = (random: Random): number => random.pick([0, 1, 1, 2, 3]);
const channelsOf = (random: Random): number => random.pick([1, 2, 3, 4, 5, 8, 9]);

const conv2d: Family = random => {
  const { filter, strides, dilations, size, pad } = window2(random, true);
  const [batch, channels, outChannels] = [batchOf(random), channelsOf(random), channelsOf(random)];
  const x = random.floats([batch, ...size, channels]);
  const w = random.floats([...filter, channels, outChannels]);
  return {
    name: `conv2d ${say({ batch, size, channels, outChannels, filter, strides, dilations, pad })}`,
    compute: () => tf.conv2d(x() as Four, w() as Four, strides, pad, 'NHWC', dilations),
  };
};

const conv2dGradient: Family = random => {
  const { filter, strides, size, pad } = window2(random, true);
  const [batch, channels, outChannels] = [batchOf(random), channelsOf(random), channelsOf(random)];
  const x = random.floats([batch, ...size, channels]);
  const w = random.floats([...filter, channels, outChannels]);
  return {
    name: `grad conv2d ${say({ batch, size, channels, outChannels, filter, strides, pad })}`,
    compute: () => withGradients([x, w], (a, b) => tf.conv2d(a as Four, b as Four, strides, pad)),
  };
};

const conv2dChannelsFirst: Family = random => {
  const { filter, strides, size } = window2(random, false);
  const pad = random.pick(['same', 'valid'] as const);
  const [channels, outChannels] = [channelsOf(random), channelsOf(random)];
  const x = random.floats([2, channels, ...size]);
  const w = random.floats([...filter, channels, outChannels]);
  return {
    name: `conv2d NCHW ${say({ size, channels, outChannels, filter, strides, pad })}`,
    compute: () => withGradients([x, w], (a, b) => tf.conv2d(a as Four, b as Four, strides, pad, 'NCHW')),
  };
};

const conv1d: Family = random => {
  const [filter, channels, outChannels] = [random.int(1, 4), channelsOf(random), channelsOf(random)];
  const [stride, pad] = [random.int(1, 2), random.pick(['same', 'valid'] as const)];
  const x = random.floats([batchOf(random), filter + random.int(0, 6), channels]);
  const w = random.floats([filter, channels, outChannels]);
  return {
    name: `conv1d ${say({ filter, channels, outChannels, stride, pad })}`,
    compute: () => withGradients([x, w], (a, b) => tf.conv1d(a as tf.Tensor3D, b as tf.Tensor3D, stride, pad)),
  };
};

const conv2dTranspose: Family = random => {
  const [channels, outChannels] = [channelsOf(random), channelsOf(random)];
  const filter = [random.int(1, 4), random.int(1, 4)];
  const stride = random.int(1, 3);
  const small = [random.int(1, 4), random.int(1, 4)];
  const pad = random.pick(['same', 'valid'] as const);
  const shape = small.map((size, i) => (pad === 'same' ? size * stride : (size - 1) * stride + filter[i]!));
  const x = random.floats([2, ...small, channels]);
  const w = random.floats([...filter, outChannels, channels]);
  const out = [2, ...shape, outChannels] as [number, number, number, number];
  return {
    name: `conv2dTranspose ${say({ small, channels, outChannels, filter, stride, pad })}`,
    compute: () => withGradients([x, w], (a, b) => tf.conv2dTranspose(a as Four, b as Four, out, stride, pad)),
  };
};

const depthwise: Family = random => {
  const { filter, strides, dilations, size, pad } = window2(random, true);
  const [batch, channels, multiplier] = [batchOf(random), channelsOf(random), random.int(1, 3)];
  const x = random.floats([batch, ...size, channels]);
  const w = random.floats([...filter, channels, multiplier]);
  return {
    name: `depthwise ${say({ batch, size, channels, multiplier, filter, strides, dilations, pad })}`,
    compute: () =>
      withGradients([x, w], (a, b) => tf.depthwiseConv2d(a as Four, b as Four, strides, pad, 'NHWC', dilations)),
  };
};

const separable: Family = random => {
  const { filter, size } = window2(random, false);
  const [channels, multiplier, outChannels] = [channelsOf(random), random.int(1, 3), channelsOf(random)];
  const [stride, pad] = [random.int(1, 2), random.pick(['same', 'valid'] as const)];
  const inputs = [
    random.floats([2, ...size, channels]),
    random.floats([...filter, channels, multiplier]),
    random.floats([1, 1, channels * multiplier, outChannels]),
  ];
  return {
    name: `separable ${say({ size, channels, multiplier, outChannels, filter, stride, pad })}`,
    compute: () => withGradients(inputs, (x, d, p) => tf.separableConv2d(x as Four, d as Four, p as Four, stride, pad)),
  };
};

function window3(random: Random) {
  const filter: [number, number, number] = [random.int(1, 3), random.int(1, 3), random.int(1, 3)];
  const strides: [number, number, number] = [random.int(1, 2), random.int(1, 3), random.int(1, 2)];
  const size = filter.map(least => least + random.int(0, 4)) as [number, number, number];
  const pad = random.pick(['same', 'valid'] as const);
  return { filter, strides, size, pad };
}

const conv3d: Family = random => {
  const { filter, strides, size, pad } = window3(random);
  const [batch, channels, outChannels] = [batchOf(random), random.int(1, 5), random.int(1, 5)];
  const x = random.floats([batch, ...size, channels]);
  const w = random.floats([...filter, channels, outChannels]);
  return {
    name: `conv3d ${say({ batch, size, channels, outChannels, filter, strides, pad })}`,
    compute: () => withGradients([x, w], (a, b) => tf.conv3d(a as Five, b as Five, strides, pad)),
  };
};

const conv3dDilated: Family = random => {
  const dilations: [number, number, number] = [random.int(1, 2), random.int(1, 2), random.int(1, 3)];
  const filter = [random.int(1, 3), random.int(1, 3), random.int(1, 2)];
  const size = filter.map((least, i) => (least - 1) * dilations[i]! + 1 + random.int(0, 3));
  const pad = random.pick(['same', 'valid'] as const);
  const [x, w] = [random.floats([1, ...size, 2]), random.floats([...filter, 2, 3])];
  return {
    name: `conv3d ${say({ size, filter, dilations, pad })}`,
    compute: () => tf.conv3d(x() as Five, w() as Five, 1, pad, 'NDHWC', dilations),
  };
};

const conv3dTranspose: Family = random => {
  const stride = random.int(1, 2);
  const filter = [random.int(1, 3), random.int(1, 3), random.int(1, 3)];
  const small = [random.int(1, 3), random.int(1, 3), random.int(1, 3)];
  const pad = random.pick(['same', 'valid'] as const);
  const sides = small.map((size, i) => (pad === 'same' ? size * stride : (size - 1) * stride + filter[i]!));
  const [x, w] = [random.floats([2, ...small, 2]), random.floats([...filter, 3, 2])];
  const out = [2, ...sides, 3] as [number, number, number, number, number];
  return {
    name: `conv3dTranspose ${say({ small, filter, stride, pad })}`,
    compute: () => tf.conv3dTranspose(x() as Five, w() as Five, out, stride, pad),
  };
};

const matMul: Family = random => {
  const [rows, inner, columns] = [random.pick([1, 3, 5, 33]), random.int(1, 9), random.pick([1, 2, 7, 17])];
  const [transposeA, transposeB] = [random.bool(), random.bool()];
  const lead = random.shape(0, 2, 3);
  const leads = random.pick([
    [lead, lead],
    [lead, lead.map(() => 1)],
    [lead.map(() => 1), lead],
    [lead, []],
  ] as const);
  const a = random.floats([...leads[0]!, ...(transposeA ? [inner, rows] : [rows, inner])]);
  const b = random.floats([...leads[1]!, ...(transposeB ? [columns, inner] : [inner, columns])]);
  return {
    name: `matMul ${say({ leads, rows, inner, columns, transposeA, transposeB })}`,
    compute: () => withGradients([a, b], (x, y) => tf.matMul(x, y, transposeA, transposeB)),
  };
};

const einsum: Family = random => {
  const [equation, ...shapes] = random.pick([
    ['ij,jk->ik', [3, 4], [4, 5]],
    ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
    ['ij->ji', [3, 4]],
    ['ij->', [3, 4]],
    ['i,j->ij', [3], [4]],
    ['ijk,jil->kl', [2, 3, 4], [3, 2, 5]],
    ['abc,cd->abd', [2, 3, 4], [4, 5]],
    ['aecd,abcd->acbe', [2, 3, 4, 5], [2, 6, 4, 5]],
    ['acbe,aecd->abcd', [2, 4, 6, 3], [2, 3, 4, 5]],
  ] as const);
  const inputs = (shapes as readonly (readonly number[])[]).map(shape => random.floats(shape));
  return { name: `einsum ${equation}`, compute: () => tf.einsum(equation, ...inputs.map(make => make())) };
};

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const;

const fusedConv2d: Family = random => {
  const { filter, strides, size } = window2(random, false);
  const pad = random.pick(size[0]! < filter[0]! ? (['same'] as const) : (['same', 'valid', 1] as const));
  const activation = random.pick(ACTIVATIONS);
  const [channels, outChannels] = [channelsOf(random), channelsOf(random)];
  const x = random.floats([2, ...size, channels]);
  const w = random.floats([...filter, channels, outChannels]);
  const bias = random.bool() ? random.floats([outChannels]) : undefined;
  const alpha = activation === 'prelu' ? random.floats([1, 1, outChannels]) : undefined;
  return {
    name: `fused conv2d ${say({ size, channels, outChannels, filter, strides, pad, activation, bias: bias !== undefined })}`,
    compute: () =>
      tf.fused.conv2d({
        x: x() as Four,
        filter: w() as Four,
        strides,
        pad,
        activation,
        leakyreluAlpha: 0.3,
        ...(bias && { bias: bias() }),
        ...(alpha && { preluActivationWeights: alpha() }),
      }),
  };
};

const fusedGradient: Family = random => {
  const { filter, size } = window2(random, false);
  const activation = random.pick(['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const);
  const [channels, outChannels] = [channelsOf(random), channelsOf(random)];
  const depth = random.bool();
  const inputs = [
    random.floats([2, ...size, channels]),
    random.floats([...filter, channels, depth ? 1 : outChannels]),
    random.floats([depth ? channels : outChannels]),
  ];
  return {
    name: `grad fused ${say({ depth, size, channels, outChannels, filter, activation })}`,
    compute: () =>
      withGradients(inputs, (x, filter, bias) =>
        (depth ? tf.fused.depthwiseConv2d : tf.fused.conv2d)({
          x: x as Four,
          filter: filter as Four,
          bias,
          strides: 1,
          pad: 'same',
          activation,
        }),
      ),
  };
};

const fusedDepthwise: Family = random => {
  const { filter, strides, dilations, size, pad } = window2(random, false) as ReturnType<typeof window2> & {
    pad: 'same' | 'valid';
  };
  const activation = random.pick(ACTIVATIONS);
  const [channels, multiplier] = [channelsOf(random), random.int(1, 3)];
  const x = random.floats([2, ...size, channels]);
  const w = random.floats([...filter, channels, multiplier]);
  const bias = random.bool() ? random.floats([channels * multiplier]) : undefined;
  const alpha = activation === 'prelu' ? random.floats([1, 1, channels * multiplier]) : undefined;
  return {
    name: `fused depthwise ${say({ size, channels, multiplier, filter, strides, dilations, pad, activation })}`,
    compute: () =>
      tf.fused.depthwiseConv2d({
        x: x() as Four,
        filter: w() as Four,
        strides,
        dilations,
        pad,
        activation,
        leakyreluAlpha: 0.3,
        ...(bias && { bias: bias() }),
        ...(alpha && { preluActivationWeights: alpha() }),
      }),
  };
};

const fusedMatMul: Family = random => {
  const [rows, inner, columns] = [random.pick([1, 3, 40]), random.int(1, 9), random.pick([1, 2, 7, 17])];
  const [transposeA, transposeB] = [random.bool(), random.bool()];
  const activation = random.pick(ACTIVATIONS);
  const a = random.floats(transposeA ? [inner, rows] : [rows, inner]);
  const b = random.floats(transposeB ? [columns, inner] : [inner, columns]);
  const bias = random.bool() ? random.floats([columns]) : undefined;
  const alpha = activation === 'prelu' ? random.floats([columns]) : undefined;
  return {
    name: `fused matMul ${say({ rows, inner, columns, transposeA, transposeB, activation, bias: bias !== undefined })}`,
    compute: () =>
      tf.fused.matMul({
        a: a(),
        b: b(),
        transposeA,
        transposeB,
        activation,
        leakyreluAlpha: 0.3,
        ...(bias && { bias: bias() }),
        ...(alpha && { preluActivationWeights: alpha() }),
      }),
  };
};

const POOLS = { maxPool: tf.maxPool, avgPool: tf.avgPool };
const POOLS_3D = { maxPool3d: tf.maxPool3d, avgPool3d: tf.avgPool3d };

const pool2d: Family = random => {
  const { filter, strides, size } = window2(random, true);
  const pad = random.pick(['same', 'valid', 0, 1] as const);
  const op = random.pick(['maxPool', 'avgPool'] as const);
  const [batch, channels] = [batchOf(random), channelsOf(random)];
  const shape = [batch, ...size, channels];
  const x = random.bool() ? random.ties(shape) : random.floats(shape);
  return {
    name: `${op} ${say({ batch, size, channels, filter, strides, pad })}`,
    compute: () => withGradients([x], a => POOLS[op](a as Four, filter, strides, pad)),
  };
};

const pool3d: Family = random => {
  const { filter, strides, size, pad } = window3(random);
  const op = random.pick(['maxPool3d', 'avgPool3d'] as const);
  // On cpu the gradient of the maximum takes height for width.
  if (op === 'maxPool3d') filter[2] = filter[1];
  if (op === 'maxPool3d') size[2] = Math.max(size[2], filter[2]);
  const [batch, channels] = [batchOf(random), random.int(1, 5)];
  const shape = [batch, ...size, channels];
  const x = random.bool() ? random.ties(shape) : random.floats(shape);
  return {
    name: `${op} ${say({ batch, size, channels, filter, strides, pad })}`,
    compute: () => withGradients([x], a => POOLS_3D[op](a as Five, filter, strides, pad)),
  };
};

const batchNorm: Family = random => {
  const channels = channelsOf(random);
  const shape = [...random.shape(1, 3, 4), channels];
  const inputs = [
    random.floats(shape),
    random.floats([channels]),
    random.between([channels], 0.2, 2),
    random.floats([channels]),
    random.floats([channels]),
  ];
  return {
    name: `batchNorm ${say({ shape })}`,
    compute: () =>
      withGradients(inputs, (x, mean, variance, beta, gamma) =>
        tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, beta as tf.Tensor1D, gamma as tf.Tensor1D, 1e-3),
      ),
    tolerance: 5e-5,
  };
};

const localResponse: Family = random => {
  const shape = [random.int(1, 2), random.int(1, 3), random.int(1, 3), random.int(1, 9)];
  const radius = random.int(1, 4);
  const x = random.floats(shape);
  return {
    name: `localResponseNormalization ${say({ shape, radius })}`,
    compute: () => withGradients([x], y => tf.localResponseNormalization(y as Four, radius, 1.2, 0.7, 0.6)),
  };
};

const dilation2d: Family = random => {
  const { filter, strides, dilations, size } = window2(random, false);
  const [pad, channels] = [random.pick(['same', 'valid'] as const), random.int(1, 3)];
  const inputs = [random.floats([2, ...size, channels]), random.floats([...filter, channels])];
  return {
    name: `dilation2d ${say({ size, channels, filter, strides, dilations, pad })}`,
    compute: () => withGradients(inputs, (x, w) => tf.dilation2d(x as Four, w as tf.Tensor3D, strides, pad, dilations)),
  };
};

const resizeBilinear: Family = random => {
  const size = [random.int(1, 6), random.int(1, 6)];
  const to: [number, number] = [random.int(1, 8), random.int(1, 8)];
  const alignCorners = random.bool();
  const channels = random.int(1, 5);
  const x = random.floats([2, ...size, channels]);
  return {
    name: `resizeBilinear ${say({ size, to, alignCorners, channels })}`,
    compute: () => withGradients([x], y => tf.image.resizeBilinear(y as Four, to, alignCorners)),
  };
};

const resizeNearest: Family = random => {
  const [height, width] = [random.int(1, 6), random.int(1, 6)];
  const to: [number, number] = [random.int(1, 8), random.int(1, 8)];
  const corners = random.pick([
    [false, false],
    [true, false],
    [false, true],
  ] as const);
  const channels = random.int(1, 5);
  const shape: [number, number, number, number] = [2, height, width, channels];
  const x = random.floats(shape);
  return {
    name: `resizeNearestNeighbor ${say({ height, width, to, corners, channels })}`,
    compute: () => withGradients([x], y => tf.image.resizeNearestNeighbor(y as Four, to, ...corners)),
    // On cpu the gradient is wrong from the second image on: here, what is taken from a place is added up there.
    reference: () => {
      const y = tf.image.resizeNearestNeighbor(x() as Four, to, ...corners);
      const size = tf.util.sizeFromShape(shape);
      const places = tf.image.resizeNearestNeighbor(tf.reshape(tf.range(0, size), shape) as Four, to, ...corners);
      const taken = tf.cast(tf.reshape(places, [-1]), 'int32') as tf.Tensor1D;
      const dx = tf.unsortedSegmentSum(tf.reshape(feedback(y.shape), [-1]), taken, size);
      return [y, tf.reshape(dx, shape)];
    },
  };
};

const images: Family = random => {
  const [height, width] = [random.int(2, 7), random.int(2, 7)];
  const x = random.floats([2, height, width, 3]);
  const boxes = random.between([3, 4], 0, 1);
  const method = random.pick(['bilinear', 'nearest'] as const);
  const angle = random.int(-3, 3);
  return {
    name: `images ${say({ height, width, method, angle })}`,
    compute: () => [
      tf.image.flipLeftRight(x() as Four),
      tf.image.rotateWithOffset(x() as Four, angle, 0, 0.5),
      tf.image.cropAndResize(x() as Four, boxes() as tf.Tensor2D, tf.tensor1d([0, 1, 1], 'int32'), [3, 4], method),
    ],
  };
};

const losses: Family = random => {
  const shape = [random.int(1, 5), random.int(2, 5)];
  const op = random.pick([
    'absoluteDifference',
    'cosineDistance',
    'hingeLoss',
    'huberLoss',
    'logLoss',
    'meanSquaredError',
    'sigmoidCrossEntropy',
    'softmaxCrossEntropy',
  ] as const);
  const labels = random.between(shape, 0, 1);
  const predictions = random.between(shape, 0.1, 0.9);
  return {
    name: `${op} ${say({ shape })}`,
    compute: () =>
      withGradients([predictions], y =>
        op === 'cosineDistance'
          ? tf.losses.cosineDistance(labels(), y, 1)
          : (tf.losses[op] as (a: tf.Tensor, b: tf.Tensor) => tf.Tensor)(labels(), y),
      ),
    tolerance: 5e-5,
  };
};

export const networks: Readonly<Record<string, Family>> = {
  conv2d,
  conv2dGradient,
  conv2dChannelsFirst,
  conv1d,
  conv2dTranspose,
  depthwise,
  separable,
  conv3d,
  conv3dDilated,
  conv3dTranspose,
  matMul,
  einsum,
  fusedConv2d,
  fusedGradient,
  fusedDepthwise,
  fusedMatMul,
  pool2d,
  pool3d,
  batchNorm,
  localResponse,
  dilation2d,
  resizeBilinear,
  resizeNearest,
  images,
  losses,
};
