import { afterwards, guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { modelOutput } from './model-output.js';

guardTensors({ beforeEach, afterEach });

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];
const { activation, average, dense, dropout, flatten, reshape, softmax, timeDistributed } = layers;
const net = (...rest: Layer[]): LayersModel => sequential({ layers: [dense({ units: 4, inputShape: [3] }), ...rest] });
const soft = (): ReturnType<typeof dense> => dense({ units: 4, activation: 'softmax' });

function averaged(): LayersModel {
  const x = input({ shape: [3] });
  const parts = [soft(), soft()].map(layer => layer.apply(x) as SymbolicTensor);
  return modelOf({ inputs: x, outputs: average().apply(parts) as SymbolicTensor });
}

function nested(head: Layer): LayersModel {
  const x = input({ shape: [3] });
  const inner = sequential({ layers: [dense({ units: 4, inputShape: [3] }), head] });
  return modelOf({ inputs: x, outputs: inner.apply(x) as SymbolicTensor });
}

/** A nested model that only moves numbers: what decides lies before it. */
function nestedEnd(): LayersModel {
  const x = input({ shape: [3] });
  const inner = sequential({ layers: [reshape({ targetShape: [2, 2], inputShape: [4] }), flatten()] });
  return modelOf({ inputs: x, outputs: inner.apply(soft().apply(x)) as SymbolicTensor });
}

const shared = (): LayersModel => {
  const x = input({ shape: [4] });
  const twice = activation({ activation: 'softmax' });
  return modelOf({ inputs: x, outputs: twice.apply(twice.apply(x)) as SymbolicTensor });
};

it.each<[string, () => LayersModel, string, boolean]>([
  ['no activation', () => net(), 'logits', false],
  [
    'a linear layer after a relu',
    () => net(layers.reLU(), dense({ units: 2 }), activation({ activation: 'linear' })),
    'logits',
    false,
  ],
  [
    'an average pool of a convolution',
    () =>
      sequential({
        layers: [
          layers.conv2d({ filters: 2, kernelSize: 1, inputShape: [4, 4, 1] }),
          layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
        ],
      }),
    'logits',
    false,
  ],
  ['batch normalization', () => net(layers.batchNormalization()), 'logits', false],
  [
    'the activation log-softmax',
    () => net(dense({ units: 2, activation: 'logSoftmax' as 'softmax' })),
    'logits',
    false,
  ],
  ['the activation softmax', () => net(soft()), 'softmax', true],
  ['a softmax layer', () => net(softmax()), 'softmax', true],
  ['an activation layer with softmax', () => net(activation({ activation: 'softmax' })), 'softmax', true],
  [
    'softmax, reshaped, flattened and dropped',
    () => net(soft(), reshape({ targetShape: [1, 4] }), flatten(), dropout({ rate: 0.5 })),
    'softmax',
    true,
  ],
  ['softmax and a linear activation', () => net(soft(), activation({ activation: 'linear' })), 'softmax', true],
  [
    'softmax in every step',
    () => sequential({ layers: [timeDistributed({ layer: soft(), inputShape: [5, 3] })] }),
    'softmax',
    true,
  ],
  ['softmax in a nested model', () => nested(soft()), 'softmax', true],
  ['softmax before a nested model', nestedEnd, 'softmax', true],
  ['an average of softmaxes', averaged, 'softmax', false],
  ['softmax that is used twice', shared, 'softmax', false],
  ['sigmoid', () => net(dense({ units: 1, activation: 'sigmoid' })), 'sigmoid', true],
  ['tanh', () => net(dense({ units: 2, activation: 'tanh' })), 'unknown', false],
  ['a relu layer', () => net(layers.reLU()), 'unknown', false],
  [
    'a softmax that is spread over another axis',
    () => sequential({ layers: [timeDistributed({ layer: soft(), inputShape: [5, 3] }), flatten()] }),
    'unknown',
    false,
  ],
  [
    'a maximum of softmaxes',
    () =>
      sequential({
        layers: [
          layers.conv2d({ filters: 2, kernelSize: 1, inputShape: [4, 4, 1], activation: 'softmax' }),
          layers.globalMaxPooling2d({ dataFormat: 'channelsLast' }),
        ],
      }),
    'unknown',
    false,
  ],
  [
    'a recurrent layer',
    () => sequential({ layers: [layers.simpleRNN({ units: 2, inputShape: [5, 3], recurrentInitializer: 'zeros' })] }),
    'unknown',
    false,
  ],
])('tells what a model gives that ends in %s', (_, make, kind, removable) => {
  const found = modelOutput(afterwards(make()));
  expect({ kind: found.kind, removable: found.activation !== undefined }).toEqual({ kind, removable });
});

it('names the layer that decides', () => {
  const model = afterwards(net(dense({ name: 'end', units: 2, activation: 'tanh' }), dropout({ rate: 0.1 })));
  expect(modelOutput(model).what).toBe('the Dense layer "end" with activation tanh');
});
