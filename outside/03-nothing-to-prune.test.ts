import '@tensorflow/tfjs-backend-cpu';
import { activeMagnitude, fixed, global, type PruningMethod, uniform } from '@espalier/core';
import { modelWeights, NoPrunableWeightsError, PruningSession, pruneOnce, weightsOf } from '@espalier/core/tfjs';
import { acdc } from '@espalier/prune-acdc';
import { gap, parallelGap } from '@espalier/prune-gap';
import { lotteryTicket, lthTransfer } from '@espalier/prune-lth';
import { iterativeMagnitude, magnitude, oneShotMagnitude } from '@espalier/prune-magnitude';
import { granet, rigl, set, staticSparse } from '@espalier/prune-rigl';
import { softThreshold } from '@espalier/prune-str';
import { oneShotWoodFisher, woodFisher } from '@espalier/prune-woodfisher';
import { softmaxCrossEntropy, train } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

const made: LayersModel[] = [];
const kept = (model: LayersModel): LayersModel => {
  made.push(model);
  return model;
};
afterEach(() => {
  for (const model of made.splice(0)) model.dispose();
});

/** Nothing that a method prunes by default. */
const recurrent = (): LayersModel =>
  kept(
    sequential({
      layers: [layers.lstm({ name: 'lstm', units: 2, inputShape: [3, 2], recurrentInitializer: 'zeros' })],
    }),
  );
const dense = (): LayersModel =>
  kept(
    sequential({
      layers: [layers.dense({ name: 'hidden', units: 4, inputShape: [3] }), layers.dense({ name: 'head', units: 2 })],
    }),
  );
const cadence = { start: 0, end: 4, every: 2 };
const turns = { turnLength: 2, turns: 2 };
const methods: Readonly<Record<string, () => unknown>> = {
  magnitude: () => magnitude({ sparsity: 0.9, cadence }),
  oneShotMagnitude: () => oneShotMagnitude({ sparsity: 0.9, position: 1 }),
  iterativeMagnitude: () =>
    iterativeMagnitude({
      sparsity: 0.9,
      phases: 2,
      denseSteps: 4,
      retrainSteps: { total: 4 },
      denseSchedule: () => 0.1,
    }),
  rigl: () => rigl({ sparsity: 0.9, cadence }),
  set: () => set({ sparsity: 0.9, cadence }),
  staticSparse: () => staticSparse({ sparsity: 0.9 }),
  granet: () => granet({ sparsity: 0.9, cadence, trainingSteps: 8 }),
  lotteryTicket: () => lotteryTicket({ sparsity: 0.9, rounds: 1, roundLength: 2 }),
  lthTransfer: () => lthTransfer({ rounds: 2, roundLength: 2 }),
  acdc: () => acdc({ sparsity: 0.9, phases: { total: 8, warmup: 2, sparse: 2, dense: 2 } }),
  softThreshold: () => softThreshold({ end: 4 }),
  'softThreshold with a controller': () => softThreshold({ end: 4, sparsity: 0.9, cadence: { start: 0, every: 2 } }),
  gap: () => gap({ sparsity: 0.9, partitions: 2, ...turns }),
  parallelGap: () => parallelGap({ sparsity: 0.9, partitions: 2, partition: 0 }),
  woodFisher: () => woodFisher({ sparsity: 0.9, cadence, samples: 2 }),
  oneShotWoodFisher: () => oneShotWoodFisher({ sparsity: 0.9, position: 1 }),
};

const start = (method: PruningMethod, model: LayersModel, selection = {}): Promise<PruningSession> =>
  PruningSession.start(method, { weights: modelWeights(model, selection), optimizer: tf.train.sgd(0.1) });

describe('a network in which nothing is prunable', () => {
  it.each(Object.keys(methods))(
    'is refused by a session of %s, which says why and how to include weights',
    async name => {
      const weights = modelWeights(recurrent());
      const optimizer = tf.train.sgd(0.1);
      const before = tf.memory().numTensors;
      const method = methods[name]?.() as PruningMethod;
      const error: unknown = await PruningSession.start(method, { weights, optimizer }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(NoPrunableWeightsError);
      expect(error).toMatchObject({ code: 'NO_PRUNABLE_WEIGHTS' });
      expect(String(error)).toMatch(/lstm\/kernel \(LSTM, /);
      expect(String(error)).toMatch(/include: \['lstm\/kernel'\]/);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('is refused by pruneOnce', async () => {
    await expect(pruneOnce(modelWeights(recurrent()), activeMagnitude, 0.5, global)).rejects.toMatchObject({
      code: 'NO_PRUNABLE_WEIGHTS',
    });
    await expect(pruneOnce([], activeMagnitude, 0.5, global)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('is one of plain variables without a kernel, too, and one whose kernels have no entries', async () => {
    const bias = tf.variable(tf.zeros([3]));
    const empty = tf.variable(tf.zeros([0, 3]));
    for (const weights of [
      weightsOf({ bias }),
      weightsOf({ empty, bias }),
      weightsOf({ empty, bias }, { include: ['empty'] }),
    ]) {
      const session = PruningSession.start(magnitude({ sparsity: 0.5, cadence }), {
        weights,
        optimizer: tf.train.sgd(0.1),
      });
      await expect(session).rejects.toMatchObject({ code: 'NO_PRUNABLE_WEIGHTS' });
    }
    await expect(
      PruningSession.start(magnitude({ sparsity: 0.5, cadence }), {
        weights: weightsOf({ empty, bias }),
        optimizer: tf.train.sgd(0.1),
      }),
    ).rejects.toThrow(/empty \(has no entries\)/);
    tf.dispose([bias, empty]);
  });

  it('is one of frozen layers, and one in which "except" takes everything away; each is told', async () => {
    const frozen = dense();
    for (const layer of frozen.layers.slice(0, 1)) layer.trainable = false;
    await expect(start(magnitude({ sparsity: 0.5, cadence }), frozen, { except: ['head/kernel'] })).rejects.toThrow(
      /hidden\/kernel \(Dense, not trained\).*head\/kernel \(Dense, excepted\).*"except".*trainable = true/,
    );
    await expect(start(magnitude({ sparsity: 0.5, cadence }), dense(), { except: [/./] })).rejects.toMatchObject({
      code: 'NO_PRUNABLE_WEIGHTS',
      weights: expect.arrayContaining([{ name: 'head/kernel', layerClass: 'Dense', reason: 'excepted' }]),
    });
  });

  it('is trained densely by fixed(), and pruned if its kernels are included', async () => {
    const model = recurrent();
    const loss = softmaxCrossEntropy(); // an LSTM's output asks for none by itself
    const session = await start(fixed() as PruningMethod, model);
    const batch = (): { xs: tf.Tensor; ys: tf.Tensor } => ({ xs: tf.ones([4, 3, 2]), ys: tf.zeros([4], 'int32') });
    expect((await train({ session, model, batches: batch, loss, steps: 2 })).sparsity).toBe(0);
    session.dispose();
    const pruned = await start(oneShotMagnitude({ sparsity: 0.5, position: 0 }), model, { include: [/kernel$/] });
    expect((await train({ session: pruned, model, batches: batch, loss, steps: 2 })).sparsity).toBe(0.5);
    pruned.dispose();
  });
});

describe('a selector that matches nothing', () => {
  it.each([
    ['a name', 'hed/kernel'],
    ['a pattern', /hed/],
    ['a function', ({ name }: { name: string }): boolean => name.startsWith('hed')],
  ])('is refused: %s', (_, selector) => {
    const variable = tf.variable(tf.zeros([2, 2]));
    for (const option of ['except', 'include']) {
      const error = { code: 'UNKNOWN_LAYER', message: expect.stringContaining(`option "${option}"`) };
      const model = dense();
      expect(() => modelWeights(model, { [option]: [selector] })).toThrow(expect.objectContaining(error));
      expect(() => modelWeights(model, { [option]: [/head/, selector] })).toThrow(expect.objectContaining(error));
      expect(() => weightsOf({ kernel: variable }, { [option]: [selector] })).toThrow(expect.objectContaining(error));
    }
    variable.dispose();
  });

  it('is refused in the masks of a session and of a method', async () => {
    const masks = new Map([['hed/kernel', Uint8Array.of(1)]]);
    const weights = modelWeights(dense());
    const optimizer = tf.train.sgd(0.1);
    await expect(PruningSession.start(fixed(), { weights, optimizer, masks })).rejects.toMatchObject({
      code: 'UNKNOWN_LAYER',
    });
    await expect(PruningSession.start(fixed({ masks }), { weights, optimizer })).rejects.toMatchObject({
      code: 'UNKNOWN_LAYER',
    });
    expect(uniform([], 0.5).size).toBe(0);
  });
});
