import '@tensorflow/tfjs-backend-cpu';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { activeMagnitude, fixed, global } from '@espalier/core';
import {
  modelWeights,
  PruningSession,
  prunableWeights,
  pruneOnce,
  type SessionWarning,
  weightsOf,
} from '@espalier/core/tfjs';
import { mobileNetV1 } from '@espalier/models';
import { readLayersModel } from '@espalier/models/node';
import { magnitude } from '@espalier/prune-magnitude';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, type RNN, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => vi.restoreAllMocks());

const data = process.env.ESPALIER_DATA ?? '';
const nsfwjs = join(data, 'real-networks', 'nsfwjs-mobilenetv2', 'model.json');
const method = magnitude({ sparsity: 0.5, cadence: { start: 0, end: 2, every: 1 } });

/** A depthwise, a separable and a dense layer. */
const small = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({ name: 'conv', inputShape: [6, 6, 2], filters: 4, kernelSize: 3 }),
      layers.depthwiseConv2d({ name: 'dw', kernelSize: 3, depthwiseRegularizer: regularizers.l2({ l2: 0.01 }) }),
      layers.separableConv2d({ name: 'sep', filters: 3, kernelSize: 2 }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ name: 'head', units: 2, kernelRegularizer: regularizers.l2({ l2: 0.01 }) }),
    ],
  });

async function warningsOf(
  model: LayersModel,
  options: { readonly weightDecay?: number; readonly except?: readonly string[]; readonly fixed?: boolean } = {},
): Promise<SessionWarning[]> {
  const warnings: SessionWarning[] = [];
  const { except = [], fixed: dense, ...rest } = options;
  const session = await PruningSession.start(dense ? fixed() : method, {
    weights: modelWeights(model, { except }),
    optimizer: tf.train.sgd(0.1),
    onWarning: warning => void warnings.push(warning),
    ...rest,
  });
  session.dispose();
  return warnings;
}

describe('depthwise kernels', () => {
  it('stay dense by default, those of separable layers too, and are pruned if included', async () => {
    const model = small();
    expect(prunableWeights(model).map(({ name }) => name)).toEqual([
      'conv/kernel',
      'sep/pointwise_kernel',
      'head/kernel',
    ]);
    const include = [/depthwise_kernel$/];
    expect(prunableWeights(model, { include }).map(({ name }) => name)).toContain('dw/depthwise_kernel');
    expect((await pruneOnce(modelWeights(model), activeMagnitude, 0.5, global)).has('dw/depthwise_kernel')).toBe(false);
    expect(
      (await pruneOnce(modelWeights(model, { include }), activeMagnitude, 0.5, global)).has('sep/depthwise_kernel'),
    ).toBe(true);
    const kernel = tf.variable(tf.ones([3, 3, 4, 1]));
    expect(weightsOf({ 'dw/depthwise_kernel': kernel })[0]?.prunable).toBe(false);
    expect(weightsOf({ 'dw/kernel': kernel })[0]?.prunable).toBe(true);
    kernel.dispose();
    model.dispose();
  });

  it('of MobileNetV1 stay dense: 13 of its kernels, while stem, pointwise kernels and classifier are pruned', () => {
    const model = mobileNetV1({ inputShape: [32, 32, 3], classes: 2, widthMultiplier: 0.25 });
    const weights = modelWeights(model);
    expect(weights.filter(({ denseBecause }) => denseBecause === 'depthwise')).toHaveLength(13);
    expect(weights.filter(({ prunable }) => prunable)).toHaveLength(15);
    model.dispose();
  });
});

describe('frozen layers', () => {
  it('that stay dense are named in a warning, once a session, and by pruneOnce', async () => {
    const model = small();
    for (const name of ['conv', 'dw']) model.getLayer(name).trainable = false;
    const [warning, ...more] = await warningsOf(model);
    expect(warning).toMatchObject({ code: 'FROZEN_LAYERS_DENSE', weights: ['conv/kernel'] });
    expect(warning?.message).toMatch(/1 kernel stays dense.*conv\/kernel.*include.*except/);
    expect(more).toEqual([]);
    const onWarning = vi.fn();
    await pruneOnce(modelWeights(model), activeMagnitude, 0.5, global, { onWarning });
    expect(onWarning).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'FROZEN_LAYERS_DENSE' }));
    model.dispose();
  });

  it('are told to the console if nobody listens', async () => {
    const console = vi.spyOn(globalThis.console, 'warn').mockReturnValue();
    const model = small();
    model.getLayer('conv').trainable = false;
    const weights = modelWeights(model).map(weight => ({
      ...weight,
      name: weight.name.replace('conv', 'conv\u001b[2J'),
    }));
    const session = await PruningSession.start(method, { weights, optimizer: tf.train.sgd(0.1) });
    session.dispose();
    expect(console).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('conv\\u{1b}[2J/kernel'));
    model.dispose();
  });

  it('need no warning if they are excepted or included, or if nothing is to be pruned', async () => {
    const model = small();
    model.getLayer('conv').trainable = false;
    expect(await warningsOf(model, { except: ['conv/kernel'] })).toEqual([]);
    expect(await warningsOf(model, { fixed: true })).toEqual([]);
    const onWarning = vi.fn();
    await pruneOnce(modelWeights(model, { include: ['conv/kernel'] }), activeMagnitude, 0.5, global, { onWarning });
    expect(onWarning).not.toHaveBeenCalled();
    model.dispose();
  });

  it.skipIf(!existsSync(nsfwjs))(
    'of a real Keras file are named: 22 convolutions of nsfwjs, whose 17 depthwise kernels are dense anyway',
    async () => {
      const model = await readLayersModel(nsfwjs);
      const frozen = modelWeights(model).filter(({ denseBecause }) => denseBecause === 'frozen');
      const [warning] = await warningsOf(model);
      expect(warning?.weights).toEqual(frozen.map(({ name }) => name));
      expect(frozen).toHaveLength(22);
      expect(modelWeights(model).filter(({ denseBecause }) => denseBecause === 'depthwise')).toHaveLength(17);
      model.dispose();
    },
  );
});

describe('an L2 regularizer beside weightDecay', () => {
  it('is told, with the names of the weights that decay twice', async () => {
    const model = small();
    const warnings = await warningsOf(model, { weightDecay: 1e-4 });
    expect(warnings).toEqual([
      {
        code: 'DOUBLE_DECAY',
        weights: ['dw/depthwise_kernel', 'head/kernel'],
        message: expect.stringMatching(/head\/kernel/),
      },
    ]);
    expect(await warningsOf(model, { weightDecay: 1e-4, fixed: true })).toHaveLength(1);
    expect(await warningsOf(model, { weightDecay: 0 })).toEqual([]);
    expect(await warningsOf(model)).toEqual([]);
    model.dispose();
  });

  it('is told of layers in layers: what decays twice, and what TensorFlow.js never adds to the loss', async () => {
    const l2 = regularizers.l2({ l2: 0.01 });
    const plain = { recurrentInitializer: 'zeros', unitForgetBias: false } as const;
    const cell = { units: 2, returnSequences: true, kernelRegularizer: l2, recurrentRegularizer: l2, ...plain };
    const model = sequential({
      layers: [
        layers.timeDistributed({
          name: 'td',
          inputShape: [3, 2],
          layer: layers.dense({ name: 'inner', units: 2, kernelRegularizer: l2 }),
        }),
        layers.bidirectional({ name: 'bi', layer: layers.lstm({ name: 'l', ...cell }) as RNN, mergeMode: 'concat' }),
        layers.lstm({ name: 'one', ...cell }),
      ],
    });
    const names = modelWeights(model).map(({ name }) => name);
    const recurrent = names.filter(name => !name.startsWith('td/') && name.endsWith('kernel'));
    expect(recurrent).toHaveLength(6); // kernel and recurrent kernel, three times
    const warnings = await warningsOf(model, { weightDecay: 1e-4, fixed: true });
    expect(warnings.map(({ code, weights }) => [code, weights])).toEqual([
      ['DOUBLE_DECAY', ['td/kernel']],
      ['REGULARIZER_IGNORED', recurrent],
    ]);
    // The terms that TensorFlow.js adds to the loss: one, of the dense layer.
    model.build();
    const { model: inner } = model as unknown as { model: LayersModel };
    const terms = inner.calculateLosses();
    expect(terms).toHaveLength(1);
    tf.dispose(terms);
    model.dispose();
  });
});
