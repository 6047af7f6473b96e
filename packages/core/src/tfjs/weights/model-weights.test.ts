import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model as modelOf, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvalidOptionError, UnknownLayerError } from '../../errors/option-errors.js';
import { DuplicateWeightError } from '../errors.js';
import { modelWeights, prunableWeights } from './model-weights.js';
import type { WeightSelection } from './weight-selector.js';

beforeAll(() => tf.setBackend('cpu'));

function withModel(build: () => LayersModel, body: (model: LayersModel) => void): void {
  const before = tf.memory().numTensors;
  const model = build();
  const built = tf.memory().numTensors;
  body(model);
  expect(tf.memory().numTensors).toBe(built);
  // Not model.dispose(): it keeps nested models, and layers that are used twice.
  for (const weight of new Set(model.weights)) weight.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

const everything = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({ name: 'conv', inputShape: [8, 8, 2], filters: 3, kernelSize: 3 }),
      layers.batchNormalization({ name: 'norm' }),
      layers.prelu({ name: 'prelu' }),
      layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 3 }),
      layers.separableConv2d({ name: 'separable', filters: 2, kernelSize: 3 }),
      layers.conv2dTranspose({ name: 'transpose', filters: 2, kernelSize: 2 }),
      layers.flatten({ name: 'flatten' }),
      layers.layerNormalization({ name: 'layerNorm' }),
      layers.dense({ name: 'head', units: 2, useBias: false }),
    ],
  });
const summary = (model: LayersModel, selection?: WeightSelection): string[] =>
  modelWeights(model, selection).map(({ name, role, trainable, prunable }) => {
    return [name, role, trainable ? 'trained' : 'not trained', ...(prunable ? ['prunable'] : [])].join(' ');
  });

describe('modelWeights', () => {
  it('lists every weight in model order, with its role, and prunes the kernels of dense and convolution layers but depthwise ones', () => {
    withModel(everything, model => {
      expect(summary(model)).toEqual([
        'conv/kernel kernel trained prunable',
        'conv/bias bias trained',
        'norm/gamma normalization trained',
        'norm/beta normalization trained',
        'norm/moving_mean normalization not trained',
        'norm/moving_variance normalization not trained',
        'prelu/alpha other trained',
        'depthwise/depthwise_kernel kernel trained',
        'depthwise/bias bias trained',
        'separable/depthwise_kernel kernel trained',
        'separable/pointwise_kernel kernel trained prunable',
        'separable/bias bias trained',
        'transpose/kernel kernel trained prunable',
        'transpose/bias bias trained',
        'layerNorm/gamma normalization trained',
        'layerNorm/beta normalization trained',
        'head/kernel kernel trained prunable',
      ]);
    });
  });

  it('prunes depthwise kernels if they are included, and says of every other weight why not', () => {
    withModel(everything, model => {
      const include = [/depthwise_kernel$/];
      expect(prunableWeights(model, { include }).map(({ name }) => name)).toEqual([
        'conv/kernel',
        'depthwise/depthwise_kernel',
        'separable/depthwise_kernel',
        'separable/pointwise_kernel',
        'transpose/kernel',
        'head/kernel',
      ]);
      const reasons = modelWeights(model, { except: ['head/kernel', 'conv/bias'] }).map(({ name, denseBecause }) => {
        return [name, denseBecause];
      });
      expect(Object.fromEntries(reasons)).toMatchObject({
        'conv/kernel': undefined,
        'conv/bias': 'role',
        'depthwise/depthwise_kernel': 'depthwise',
        'separable/depthwise_kernel': 'depthwise',
        'head/kernel': 'excepted',
      });
    });
  });

  it('prunes neither embeddings nor recurrent kernels', () => {
    const build = (): LayersModel =>
      sequential({
        layers: [
          layers.embedding({ name: 'words', inputDim: 5, outputDim: 3, inputLength: 4 }),
          layers.lstm({ name: 'lstm', units: 2, returnSequences: true, recurrentInitializer: 'zeros' }),
          layers.timeDistributed({ name: 'each', layer: layers.dense({ name: 'eachDense', units: 2 }) }),
        ],
      });
    withModel(build, model => {
      expect(summary(model)).toEqual([
        'words/embeddings embedding trained',
        'lstm/kernel kernel trained',
        'lstm/recurrent_kernel kernel trained',
        'lstm/bias bias trained',
        'each/kernel kernel trained prunable',
        'each/bias bias trained',
      ]);
    });
  });

  it('lists both directions of a bidirectional layer', () => {
    const lstm = () => layers.lstm({ name: 'lstm', units: 2, recurrentInitializer: 'zeros' }) as layers.RNN;
    const build = (): LayersModel =>
      sequential({
        layers: [layers.bidirectional({ name: 'both', layer: lstm(), inputShape: [4, 3], mergeMode: 'concat' })],
      });
    withModel(build, model => {
      const names = modelWeights(model).map(({ name }) => name);
      expect(names).toHaveLength(model.weights.length);
      expect(names).toContain('both/forward_lstm/kernel');
      expect(names).toContain('both/backward_lstm/kernel');
      expect(prunableWeights(model)).toEqual([]);
    });
  });

  it('keeps names when a process builds the model a second time', () => {
    withModel(everything, first =>
      withModel(everything, second => {
        expect(summary(second)).toEqual(summary(first));
        expect(modelWeights(second)[0]!.variable.name).not.toBe(modelWeights(first)[0]!.variable.name);
      }),
    );
  });

  it('looks into nested models, and lists shared layers once', () => {
    const build = (): LayersModel => {
      const inner = sequential({
        name: 'inner',
        layers: [
          layers.dense({ name: 'innerDense', units: 3, inputShape: [3] }),
          layers.batchNormalization({ name: 'innerNorm' }),
        ],
      });
      const x = input({ shape: [3] });
      const shared = layers.dense({ name: 'shared', units: 3 });
      const once = shared.apply(inner.apply(x)) as ReturnType<typeof input>;
      return modelOf({ inputs: x, outputs: shared.apply(once) as ReturnType<typeof input> });
    };
    withModel(build, model => {
      expect(modelWeights(model).map(({ name }) => name)).toEqual([
        'innerDense/kernel',
        'innerDense/bias',
        'innerNorm/gamma',
        'innerNorm/beta',
        'innerNorm/moving_mean',
        'innerNorm/moving_variance',
        'shared/kernel',
        'shared/bias',
      ]);
    });
  });

  it('does not prune frozen layers unless they are included', () => {
    withModel(everything, model => {
      model.getLayer('conv').trainable = false;
      expect(summary(model)[0]).toBe('conv/kernel kernel not trained');
      expect(summary(model, { include: ['conv/kernel'] })[0]).toBe('conv/kernel kernel not trained prunable');
    });
  });

  it('takes exceptions and inclusions as names, patterns and functions; exceptions win', () => {
    withModel(everything, model => {
      const names = (selection: WeightSelection): string[] => prunableWeights(model, selection).map(({ name }) => name);
      expect(names({ except: [/^(separable|depthwise)\//g, 'head/kernel'] })).toEqual([
        'conv/kernel',
        'transpose/kernel',
      ]);
      expect(names({ except: [({ variable }) => variable.rank === 4], include: ['conv/bias', 'conv/kernel'] })).toEqual(
        ['conv/bias', 'head/kernel'],
      );
    });
  });

  it('refuses names that do not exist and selections that are not lists', () => {
    withModel(everything, model => {
      expect(() => modelWeights(model, { except: ['conv'] })).toThrow(UnknownLayerError);
      expect(() => modelWeights(model, { include: ['nothing/kernel'] })).toThrow(/named in option "include"/);
      expect(() => modelWeights(model, { except: 'conv/kernel' as unknown as string[] })).toThrow(InvalidOptionError);
      expect(() => modelWeights(model, { except: [3 as unknown as string] })).toThrow(InvalidOptionError);
    });
  });

  it('refuses two weights of one name, and says to name the layers', () => {
    const dense = () => layers.dense({ name: 'same', units: 2, inputShape: [2] });
    const build = (): LayersModel =>
      sequential({ layers: [sequential({ layers: [dense()] }), sequential({ layers: [dense()] })] });
    withModel(build, model => {
      expect(() => modelWeights(model)).toThrow(DuplicateWeightError);
      expect(() => modelWeights(model)).toThrow(/"same\/kernel".*Give every layer a name of its own/);
    });
  });
});
