import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import type { ModelRecipe, RecipeStep } from './random-models.js';

type Image = tf.SymbolicTensor;

/** Numbers in [-1, 1) that the seed decides (xorshift32). */
export function numbersOf(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

/** A model with random weights, about half of the kernel entries 0, and random statistics of batch normalization. */
export function buildModel(recipe: ModelRecipe): tf.LayersModel {
  const input = tf.input({ shape: [...recipe.image], name: 'image' });
  const values: Image[] = [input];
  for (const [index, step] of recipe.steps.entries()) {
    const x = values[Math.max(values.length - 1 - step.back, 0)]!;
    values.push(apply(step, `${step.layer}${index}`, x, values));
  }
  let x = values.at(-1)!;
  if (recipe.tail === 'flatten') x = on(tf.layers.flatten({ name: 'tail' }), x);
  if (recipe.tail === 'average') x = on(tf.layers.globalAveragePooling2d({ name: 'tail' }), x);
  if (recipe.tail === 'max') x = on(tf.layers.globalMaxPooling2d({ name: 'tail' }), x);
  if (recipe.tail !== 'image') {
    for (let layer = 0; layer < recipe.hidden; layer++) {
      x = on(tf.layers.dense({ units: 5, activation: 'relu', name: `hidden${layer}` }), x);
      if (layer === 1) x = on(tf.layers.batchNormalization({ name: 'hidden_norm' }), x);
    }
    const activation = recipe.softmax ? 'softmax' : 'linear';
    x = on(tf.layers.dense({ units: 3, useBias: recipe.softmax, activation, name: 'logits' }), x);
  }
  if (x === input) x = on(tf.layers.reLU({ name: 'result' }), x);
  const model = tf.model({ inputs: input, outputs: x });
  for (const { sourceLayer } of values) if (!model.layers.includes(sourceLayer)) sourceLayer.dispose();
  randomizeWeights(model, recipe.seed);
  return model;
}

/** A random image for a model, values in [-2, 2). */
export function randomInput(size: number, seed: number): Float32Array {
  const next = numbersOf(seed + 1);
  return new Float32Array(size).map(() => 2 * next());
}

/** What TensorFlow.js computes for one image. */
export async function predict(model: tf.LayersModel, input: Float32Array): Promise<Float32Array> {
  const shape = [1, ...(model.inputs[0]!.shape.slice(1) as number[])];
  const result = tfc.tidy(() => model.predict(tfc.tensor(input, shape)) as tfc.Tensor);
  const values = Float32Array.from(await result.data());
  result.dispose();
  return values;
}

/** Largest difference over the largest expected magnitude (at least 1e-3); infinite if one is not finite. */
export function relativeError(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return actual.reduce((worst, value, index) => {
    const error = Math.abs(value - expected[index]!) / scale;
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }, 0);
}

const on = (layer: tf.layers.Layer, x: Image | Image[]): Image => layer.apply(x) as Image;
const orOne = (images: Image[]): Image | Image[] => (images.length === 1 ? images[0]! : images);

/**
 * Values as large as `x` along the first axes, without `x`: TensorFlow.js frees a value too early that is read twice at
 * once.
 */
function alikeBut(values: readonly Image[], x: Image, axes: number): Image[] {
  const key = (value: Image): string => sidesOf(value).slice(0, axes).join();
  return values.filter(value => value !== x && key(value) === key(x));
}

const sidesOf = (x: Image): [number, number, number] => x.shape.slice(1) as [number, number, number];

function apply(step: RecipeStep, name: string, x: Image, values: readonly Image[]): Image {
  const [height, width, channels] = sidesOf(x);
  const { strides, activation, same, bias: useBias, multiplier: depthMultiplier } = step;
  const dilationRate = strides.every(stride => stride === 1) ? step.dilations : ([1, 1] as const);
  const clamp = (size: number, room: number, rate: number): number =>
    same ? size : Math.min(size, Math.floor((room - 1) / rate) + 1);
  const fit = (rates: readonly [number, number]): [number, number] => [
    clamp(step.window[0], height, rates[0]),
    clamp(step.window[1], width, rates[1]),
  ];
  const padding = same ? 'same' : 'valid';
  const common = { name, strides: [...strides] as [number, number], padding, useBias, activation } as const;
  const [top, bottom, left, right] = step.sides;
  switch (step.layer) {
    case 'conv': {
      const rate: [number, number] = [...dilationRate];
      return on(tf.layers.conv2d({ ...common, filters: step.filters, kernelSize: fit(rate), dilationRate: rate }), x);
    }
    case 'depthwise':
      return on(tf.layers.depthwiseConv2d({ ...common, kernelSize: fit([1, 1]), depthMultiplier }), x);
    case 'separable': {
      const options = { ...common, filters: step.filters, kernelSize: fit([1, 1]), depthMultiplier };
      return on(tf.layers.separableConv2d(options), x);
    }
    case 'norm':
      return on(
        tf.layers.batchNormalization({ name, scale: useBias, center: same, epsilon: 0.01 * depthMultiplier }),
        x,
      );
    case 'relu':
      return on(tf.layers.reLU({ name }), x);
    case 'relu6':
      return on(
        useBias ? tf.layers.reLU({ name, maxValue: 6 }) : tf.layers.activation({ name, activation: 'relu6' }),
        x,
      );
    case 'add': {
      const others = alikeBut(values, x, 3);
      const addends = useBias && others.length > 1 ? [others[0]!, others.at(-1)!] : others.slice(-1);
      return on(addends.length > 0 ? tf.layers.add({ name }) : tf.layers.reLU({ name }), orOne([x, ...addends]));
    }
    case 'concat': {
      const others = alikeBut(values, x, 2).slice(-1);
      return on(others.length > 0 ? tf.layers.concatenate({ name }) : tf.layers.reLU({ name }), orOne([...others, x]));
    }
    case 'max':
      return on(tf.layers.maxPooling2d({ name, poolSize: fit([1, 1]), strides: common.strides, padding }), x);
    case 'average':
      return on(tf.layers.averagePooling2d({ name, poolSize: fit([1, 1]), strides: common.strides, padding }), x);
    case 'pad': {
      const options = {
        name,
        padding: [
          [top, bottom],
          [left, right],
        ] as [[number, number], [number, number]],
      };
      return on(tf.layers.zeroPadding2d(options), x);
    }
    case 'shortcut':
      return shortcut(x, name, strides[0], top, bottom + channels);
    case 'dropout':
      return on(tf.layers.dropout({ name, rate: 0.5 }), x);
  }
}

/** He's option A of stock layers, as `@espalier/models` builds it. */
function shortcut(x: Image, name: string, stride: number, before: number, after: number): Image {
  const picked = on(
    tf.layers.averagePooling2d({ name: `${name}_pick`, poolSize: 1, strides: stride, padding: 'same' }),
    x,
  );
  const first = on(tf.layers.permute({ name: `${name}_first`, dims: [3, 1, 2] }), picked);
  const padded = on(
    tf.layers.zeroPadding2d({
      name: `${name}_pad`,
      padding: [
        [before, after],
        [0, 0],
      ],
    }),
    first,
  );
  return on(tf.layers.permute({ name: `${name}_last`, dims: [2, 3, 1] }), padded);
}

/** Random weights, about half of the kernel entries 0, and statistics of batch normalization far from 0 and 1. */
export function randomizeWeights(model: tf.LayersModel, seed: number): void {
  const next = numbersOf(seed);
  const value: Record<string, (fan: number) => number> = {
    moving_variance: () => 1.2 + next(),
    moving_mean: () => next(),
    gamma: () => 1.5 * next(),
    beta: () => next(),
    bias: () => next(),
  };
  const kernel = (fan: number): number => (next() < 0 ? 0 : (2 * next()) / Math.sqrt(fan));
  tfc.tidy(() => {
    const weights = model.weights.map(weight => {
      const shape = weight.shape as number[];
      const make = value[weight.originalName.split('/').at(-1)!] ?? kernel;
      const fan = shape.slice(0, -1).reduce((product, length) => product * length, 1);
      const size = shape.reduce((product, length) => product * length, 1);
      return tfc.tensor(
        new Float32Array(size).map(() => make(fan)),
        shape,
      );
    });
    model.setWeights(weights);
  });
}
