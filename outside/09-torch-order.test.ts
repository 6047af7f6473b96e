import '@tensorflow/tfjs-backend-cpu';
import { EspalierError } from '@espalier/core';
import { loadTorchWeights } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

const L = layers.layers;

/** A tensor of PyTorch without batch axis: images are `[channels, height, width]`. */
interface Torch {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

let state = 1;
const draw = (): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return state / 2_147_483_648 - 0.5;
};
const random = (...shape: number[]): Torch => ({
  shape,
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw),
});
const positive = (size: number): Torch => ({ shape: [size], values: Array.from({ length: size }, () => draw() + 1) });

/** PyTorch's operations, in plain loops. */
const vector = (x: Torch): Torch => ({ shape: [x.values.length], values: x.values });
const relu = (x: Torch): Torch => ({ ...x, values: x.values.map(value => Math.max(value, 0)) });
const add = (a: Torch, b: Torch): Torch => ({ ...a, values: a.values.map((value, i) => value + b.values[i]!) });
const cat = (...parts: Torch[]): Torch => {
  const values = parts.flatMap(part => part.values);
  return { shape: [values.length], values };
};
const catChannels = (...parts: Torch[]): Torch => ({
  shape: [parts.reduce((sum, part) => sum + part.shape[0]!, 0), ...parts[0]!.shape.slice(1)],
  values: parts.flatMap(part => part.values),
});
function linear(x: Torch, weight: Torch, bias?: Torch): Torch {
  const [outputs, inputs] = weight.shape as [number, number];
  expect(x.values).toHaveLength(inputs);
  const values = Array.from({ length: outputs }, (_, o) => {
    let sum = bias?.values[o] ?? 0;
    for (let i = 0; i < inputs; i++) sum += weight.values[o * inputs + i]! * x.values[i]!;
    return sum;
  });
  return { shape: [outputs], values };
}
/** `valid`, stride 1. */
function conv2d(x: Torch, weight: Torch, bias?: Torch): Torch {
  const [channels, height, width] = x.shape as [number, number, number];
  const [outputs, , rows, columns] = weight.shape as [number, number, number, number];
  const [outHeight, outWidth] = [height - rows + 1, width - columns + 1];
  const values: number[] = [];
  for (let o = 0; o < outputs; o++)
    for (let y = 0; y < outHeight; y++)
      for (let z = 0; z < outWidth; z++) {
        let sum = bias?.values[o] ?? 0;
        for (let c = 0; c < channels; c++)
          for (let r = 0; r < rows; r++)
            for (let s = 0; s < columns; s++)
              sum +=
                weight.values[((o * channels + c) * rows + r) * columns + s]! *
                x.values[(c * height + y + r) * width + z + s]!;
        values.push(sum);
      }
  return { shape: [outputs, outHeight, outWidth], values };
}
const mean = (x: Torch): Torch => {
  const [channels = 1, ...rest] = x.shape;
  const size = rest.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: channels },
    (_, c) => x.values.slice(c * size, (c + 1) * size).reduce((a, b) => a + b, 0) / size,
  );
  return { shape: [channels], values };
};
/** One value of each parameter for every channel or feature. */
function norm(x: Torch, p: Params, name: string): Torch {
  const size = x.values.length / p[`${name}.weight`]!.values.length;
  const at = (key: string, i: number): number => p[`${name}.${key}`]!.values[Math.floor(i / size)]!;
  const values = x.values.map(
    (value, i) =>
      ((value - at('running_mean', i)) / Math.sqrt(at('running_var', i) + 1e-5)) * at('weight', i) + at('bias', i),
  );
  return { ...x, values };
}

type Params = Record<string, Torch>;
type Shape3 = [number, number, number];

interface Case {
  readonly name: string;
  /** Our model, of an input `[height, width, channels]`. */
  readonly model: () => layers.LayersModel;
  readonly params: Params;
  /** What PyTorch computes. */
  readonly forward: (x: Torch, p: Params) => Torch;
  readonly input?: Shape3;
}

const apply = (layer: layers.layers.Layer, ...x: layers.SymbolicTensor[]): layers.SymbolicTensor =>
  layer.apply(x.length === 1 ? x[0]! : x) as layers.SymbolicTensor;
const conv = (name = 'conv', filters = 3): layers.layers.Layer =>
  L.conv2d({ name, filters, kernelSize: [2, 3], useBias: true });
const dense = (name = 'fc', units = 2): layers.layers.Layer => L.dense({ name, units });
const bn = (name: string): layers.layers.Layer => L.batchNormalization({ name, epsilon: 1e-5 });
const image = (shape: Shape3 = [4, 5, 2]): layers.SymbolicTensor => layers.input({ shape });
const functional =
  (build: (x: layers.SymbolicTensor) => layers.SymbolicTensor, shape?: Shape3) => (): layers.LayersModel => {
    const inputs = image(shape);
    return layers.model({ inputs, outputs: build(inputs) });
  };
/** The layers between a convolution and a dense layer. */
const between =
  (...make: (() => layers.layers.Layer)[]) =>
  (): layers.LayersModel =>
    functional(x => [conv(), ...make.map(one => one()), dense()].reduce((y, layer) => apply(layer, y), x))();

const convParams = (name = 'conv', filters = 3, channels = 2): Params => ({
  [`${name}.weight`]: random(filters, channels, 2, 3),
  [`${name}.bias`]: random(filters),
});
const fcParams = (inputs = 27, name = 'fc', outputs = 2): Params => ({
  [`${name}.weight`]: random(outputs, inputs),
  [`${name}.bias`]: random(outputs),
});
const bnParams = (size: number, name: string): Params => ({
  [`${name}.weight`]: positive(size),
  [`${name}.bias`]: random(size),
  [`${name}.running_mean`]: random(size),
  [`${name}.running_var`]: positive(size),
});
const convolved = (x: Torch, p: Params, name = 'conv'): Torch => conv2d(x, p[`${name}.weight`]!, p[`${name}.bias`]);
const fc = (x: Torch, p: Params, name = 'fc'): Torch => linear(vector(x), p[`${name}.weight`]!, p[`${name}.bias`]);
const plain = { params: { ...convParams(), ...fcParams() }, forward: (x: Torch, p: Params) => fc(convolved(x, p), p) };
const rectified = { ...plain, forward: (x: Torch, p: Params) => fc(relu(convolved(x, p)), p) };
const flatten = (): layers.layers.Layer => L.flatten();

const head = (): layers.LayersModel =>
  layers.sequential({
    name: 'head',
    layers: [L.flatten({ inputShape: [3, 3, 3] }), L.dropout({ rate: 0.5 }), dense('fc')],
  });

const cases: Case[] = [
  { name: 'Flatten alone', model: between(flatten), ...plain },
  { name: 'Dropout after it', model: between(flatten, () => L.dropout({ rate: 0.5 })), ...plain },
  {
    name: 'Dropout before and noise after it',
    model: between(
      () => L.dropout({ rate: 0.5 }),
      flatten,
      () => L.gaussianNoise({ stddev: 1 }),
    ),
    ...plain,
  },
  { name: 'Activation after it', model: between(flatten, () => L.activation({ activation: 'relu' })), ...rectified },
  {
    name: 'ReLU and Dropout after it',
    model: between(
      flatten,
      () => L.reLU(),
      () => L.alphaDropout({ rate: 0.1 }),
    ),
    ...rectified,
  },
  { name: 'LeakyReLU of slope 0 after it', model: between(flatten, () => L.leakyReLU({ alpha: 0 })), ...rectified },
  { name: 'Reshape to a vector', model: between(() => L.reshape({ targetShape: [27] })), ...plain },
  {
    name: 'Reshape to one pixel, then Flatten',
    model: between(() => L.reshape({ targetShape: [1, 1, 27] }), flatten),
    ...plain,
  },
  {
    name: 'Reshape to positions and channels, then Flatten',
    model: between(() => L.reshape({ targetShape: [9, 3] }), flatten),
    ...plain,
  },
  {
    name: 'Permute to channels first, then Flatten',
    model: between(() => L.permute({ dims: [3, 1, 2] }), flatten),
    ...plain,
  },
  {
    name: 'Permute there and back',
    model: between(
      () => L.permute({ dims: [3, 1, 2] }),
      () => L.permute({ dims: [2, 3, 1] }),
      flatten,
    ),
    ...plain,
  },
  {
    name: 'BatchNormalization after it',
    model: between(
      flatten,
      () => bn('norm'),
      () => L.dropout({ rate: 0.2 }),
    ),
    params: { ...plain.params, ...bnParams(27, 'norm') },
    forward: (x, p) => fc(norm(vector(convolved(x, p)), p, 'norm'), p),
  },
  {
    name: 'BatchNormalization before it',
    model: between(() => bn('norm'), flatten),
    params: { ...plain.params, ...bnParams(3, 'norm') },
    forward: (x, p) => fc(norm(convolved(x, p), p, 'norm'), p),
  },
  {
    name: 'global pooling',
    model: between(
      () => L.globalAveragePooling2d({}),
      () => L.dropout({ rate: 0.1 }),
    ),
    params: { ...convParams(), ...fcParams(3) },
    forward: (x, p) => fc(mean(convolved(x, p)), p),
  },
  {
    name: 'pooling to one pixel, then Flatten',
    model: between(() => L.averagePooling2d({ poolSize: 3 }), flatten),
    params: { ...convParams(), ...fcParams(3) },
    forward: (x, p) => fc(mean(convolved(x, p)), p),
  },
  {
    name: 'one channel, then Flatten',
    model: functional(x => [conv('conv', 1), L.flatten(), dense()].reduce((y, layer) => apply(layer, y), x)),
    params: { ...convParams('conv', 1), ...fcParams(9) },
    forward: plain.forward,
  },
  {
    name: 'an image flattened as it comes in',
    model: functional(x => [L.flatten(), L.dropout({ rate: 0.5 }), dense()].reduce((y, layer) => apply(layer, y), x)),
    params: fcParams(40),
    forward: (x, p) => fc(x, p),
  },
  {
    name: 'a 1x1 convolution on a flattened image of one pixel',
    model: functional(x =>
      [
        conv(),
        L.reshape({ targetShape: [1, 1, 27] }),
        L.conv2d({ name: 'fc', filters: 2, kernelSize: 1 }),
        L.flatten(),
      ].reduce((y, layer) => apply(layer, y), x),
    ),
    params: { ...convParams(), 'fc.weight': random(2, 27, 1, 1), 'fc.bias': random(2) },
    forward: (x, p) => conv2d({ shape: [27, 1, 1], values: convolved(x, p).values }, p['fc.weight']!, p['fc.bias']),
  },
  {
    name: 'two dense layers fed by one Flatten',
    model: functional(x => {
      const flat = apply(L.flatten(), apply(conv(), x));
      return apply(L.concatenate(), apply(dense('a'), flat), apply(dense('b'), apply(L.dropout({ rate: 0.5 }), flat)));
    }),
    params: { ...convParams(), ...fcParams(27, 'a'), ...fcParams(27, 'b') },
    forward: (x, p) => cat(fc(convolved(x, p), p, 'a'), fc(convolved(x, p), p, 'b')),
  },
  {
    name: 'branches flattened and joined',
    model: functional(x => {
      const a = apply(L.flatten(), apply(conv('a', 2), x));
      const b = apply(L.globalAveragePooling2d({}), apply(conv('b', 3), x));
      return apply(dense(), apply(L.concatenate(), a, b, apply(L.flatten(), x)));
    }),
    params: { ...convParams('a', 2), ...convParams('b', 3), ...fcParams(18 + 3 + 40) },
    forward: (x, p) => fc(cat(vector(convolved(x, p, 'a')), mean(convolved(x, p, 'b')), vector(x)), p),
  },
  {
    name: 'branches flattened and added',
    model: functional(x => {
      const [a, b] = ['a', 'b'].map(name => apply(L.flatten(), apply(conv(name), x)));
      return apply(dense(), apply(L.reLU(), apply(L.add(), a!, b!)));
    }),
    params: { ...convParams('a'), ...convParams('b'), ...fcParams() },
    forward: (x, p) => fc(relu(add(convolved(x, p, 'a'), convolved(x, p, 'b'))), p),
  },
  {
    name: 'images joined by channels, then flattened',
    model: functional(x =>
      apply(
        dense(),
        apply(L.flatten(), apply(L.concatenate({ axis: 3 }), apply(conv('a', 1), x), apply(conv('b', 2), x))),
      ),
    ),
    params: { ...convParams('a', 1), ...convParams('b', 2), ...fcParams() },
    forward: (x, p) => fc(catChannels(convolved(x, p, 'a'), convolved(x, p, 'b')), p),
  },
  {
    name: 'a nested head that starts with Flatten',
    model: functional(x => apply(head(), apply(conv(), x))),
    params: { ...convParams(), ...fcParams(27, 'head.fc') },
    forward: (x, p) => fc(convolved(x, p), p, 'head.fc'),
  },
  {
    name: 'a nested head whose layers go by their own names',
    model: functional(x => apply(head(), apply(conv(), x))),
    ...plain,
  },
  {
    name: 'a nested network of convolutions under a flat head',
    model: functional(x => {
      const inner = image();
      const body = layers.model({ inputs: inner, outputs: apply(L.flatten(), apply(conv(), inner)), name: 'body' });
      return apply(dense(), apply(L.dropout({ rate: 0.5 }), apply(body, x)));
    }),
    params: { ...convParams('body.conv'), ...fcParams() },
    forward: (x, p) => fc(convolved(x, p, 'body.conv'), p),
  },
  {
    name: 'models in models in a Sequential',
    model: () => {
      const inner = layers.sequential({ name: 'features', layers: [L.inputLayer({ inputShape: [4, 5, 2] }), conv()] });
      return layers.sequential({
        layers: [
          inner,
          layers.sequential({ name: 'classifier', layers: [L.inputLayer({ inputShape: [3, 3, 3] }), head()] }),
        ],
      });
    },
    params: { ...convParams('features.conv'), ...fcParams(27, 'classifier.head.fc') },
    forward: (x, p) => fc(convolved(x, p, 'features.conv'), p, 'classifier.head.fc'),
  },
  {
    name: 'a dense layer called twice on flattened images',
    model: functional(x => {
      const shared = dense();
      const [a, b] = ['a', 'b'].map(name => apply(shared, apply(L.flatten(), apply(conv(name), x))));
      return apply(L.add(), a!, b!);
    }),
    params: { ...convParams('a'), ...convParams('b'), ...fcParams() },
    forward: (x, p) => add(fc(convolved(x, p, 'a'), p), fc(convolved(x, p, 'b'), p)),
  },
  {
    name: 'a dense layer called on its own output',
    model: functional(x => {
      const shared = dense('again', 3);
      return apply(shared, apply(shared, apply(L.globalAveragePooling2d({}), apply(conv(), x))));
    }),
    params: { ...convParams(), ...fcParams(3, 'again', 3) },
    forward: (x, p) => fc(fc(mean(convolved(x, p)), p, 'again'), p, 'again'),
  },
  {
    name: 'a convolution and a nested head called twice',
    model: functional(x => {
      const [shared, end] = [conv(), head()];
      const a = apply(end, apply(shared, x));
      return apply(L.add(), a, apply(end, apply(L.reLU(), apply(shared, x))));
    }),
    ...plain,
    forward: (x, p) => add(fc(convolved(x, p), p), fc(relu(convolved(x, p)), p)),
  },
  {
    name: "a vector made an image in PyTorch's order, with Reshape and Permute",
    model: functional(x => {
      const made = apply(
        L.permute({ dims: [2, 3, 1] }),
        apply(L.reshape({ targetShape: [2, 4, 5] }), apply(dense('in', 40), apply(L.flatten(), x))),
      );
      return apply(dense(), apply(L.flatten(), apply(conv(), made)));
    }),
    params: { ...fcParams(40, 'in', 40), ...plain.params },
    forward: (x, p) => fc(convolved({ shape: [2, 4, 5], values: fc(x, p, 'in').values }, p), p),
  },
];

/** Ours, `[height, width, channels]`. */
const channelsLast = ({ shape: [c = 1, h = 1, w = 1], values }: Torch): number[] =>
  Array.from({ length: c * h * w }, (_, i) => values[(i % c) * h * w + Math.floor(i / c)]!);

describe('PyTorch flattens images with their channels first', () => {
  it.each(cases)(
    '$name: the loaded model computes what PyTorch computes',
    ({ model: build, params, forward, input = [4, 5, 2] }) => {
      const model = build();
      const before = tf.memory().numTensors;
      loadTorchWeights(model, new Map(Object.entries(params)));
      expect(tf.memory().numTensors).toBe(before);
      const x = random(input[2], input[0], input[1]);
      const y = tf.tidy(() => (model.predict(tf.tensor(channelsLast(x), [1, ...input])) as tf.Tensor).dataSync());
      const expected = forward(x, params).values;
      expect(y).toHaveLength(expected.length);
      for (const [i, value] of expected.entries()) expect(y[i]).toBeCloseTo(value, 5);
      model.dispose();
    },
  );

  it('masks come back in the order of our weights', () => {
    const model = between(flatten, () => L.dropout({ rate: 0.5 }))();
    const mask = Array.from({ length: 54 }, (_, i) => (i % 5 === 0 ? 0 : 1));
    const params = { ...plain.params, 'fc._weight_mask': { shape: [2, 27], values: mask } };
    const { masks } = loadTorchWeights(model, new Map(Object.entries(params)));
    const kernel = model.getLayer('fc').getWeights()[0]!.dataSync();
    expect([...masks.get('fc/kernel')!]).toEqual([...kernel].map(value => (value === 0 ? 0 : 1)));
    model.dispose();
  });
});

/** A layer of which nobody knows what it does. */
class Shuffle extends L.Layer {
  static className = 'Shuffle';
  override computeOutputShape(shape: layers.Shape): layers.Shape {
    return [shape[0]!, (shape as number[]).slice(1).reduce((a, b) => a * b, 1)];
  }
  override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.reshape(Array.isArray(x) ? x[0]! : x, [-1, 27]);
  }
}

describe('what cannot be told is refused by a code, and nothing is written:', () => {
  const refused: [string, () => layers.LayersModel, Params][] = [
    ['height and width that change places', between(() => L.permute({ dims: [2, 1, 3] }), flatten), plain.params],
    [
      'channels and columns that are joined',
      between(
        () => L.reshape({ targetShape: [3, 9] }),
        () => L.lstm({ units: 1, name: 'l', recurrentInitializer: 'zeros' }),
      ),
      plain.params,
    ],
    [
      'rows that become features',
      between(() => L.reshape({ targetShape: [3, 9] })),
      { ...convParams(), ...fcParams(9) },
    ],
    ['a layer of an unknown class', between(() => new Shuffle({})), plain.params],
    [
      'a dense layer called on a flattened image and on features',
      functional(x => {
        const shared = dense();
        return apply(
          L.add(),
          apply(shared, apply(L.flatten(), apply(conv(), x))),
          apply(shared, apply(dense('other', 27), apply(L.flatten(), x))),
        );
      }),
      { ...plain.params, ...fcParams(40, 'other', 27) },
    ],
    [
      'a flattened image added to features',
      functional(x =>
        apply(
          dense(),
          apply(L.add(), apply(L.flatten(), apply(conv(), x)), apply(dense('other', 27), apply(L.flatten(), x))),
        ),
      ),
      { ...plain.params, ...fcParams(40, 'other', 27) },
    ],
    [
      'a vector made an image with its channels last',
      functional(x =>
        apply(
          dense(),
          apply(
            L.flatten(),
            apply(conv(), apply(L.reshape({ targetShape: [4, 5, 2] }), apply(dense('in', 40), apply(L.flatten(), x)))),
          ),
        ),
      ),
      { ...plain.params, ...fcParams(40, 'in', 40) },
    ],
    [
      'a dense layer on the channels of an image that is flattened later',
      between(() => dense('on', 3), flatten),
      { ...plain.params, 'on.weight': random(3, 3), 'on.bias': random(3) },
    ],
  ];
  it.each(refused)('%s', (_, build, params) => {
    const model = build();
    const values = (): number[][] => model.getWeights().map(weight => [...weight.dataSync()]);
    const before = values();
    let caught: unknown;
    try {
      loadTorchWeights(model, new Map(Object.entries(params)));
    } catch (error) {
      caught = error;
    }
    expect(EspalierError.isInstance(caught), String(caught)).toBe(true);
    expect(values()).toEqual(before);
    model.dispose();
  });
});
