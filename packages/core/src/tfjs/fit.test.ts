import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { dropGrowToy, gradualToy, ticketToy } from '../../test/toys/toy-methods.js';
import { decodeCheckpoint } from '../checkpoint/decode.js';
import { encodeCheckpoint } from '../checkpoint/encode.js';
import { StepNotSettledError, TrainableSetChangedError } from '../errors/session-errors.js';
import { fixed } from '../method/fixed.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { toModel } from './building/to-model.js';
import { disposeOptimizer } from './optimizer/dispose-optimizer.js';
import type { FitCallbacks } from './session/fit/mixed-callbacks.js';
import { PruningSession } from './session/session.js';
import { modelWeights, prunableWeights } from './weights/model-weights.js';

beforeAll(() => tf.setBackend('cpu'));

function network(): LayersModel {
  const seeded = (seed: number) => initializers.heNormal({ seed });
  return sequential({
    layers: [
      layers.conv2d({ name: 'conv', inputShape: [6, 6, 1], filters: 4, kernelSize: 3, kernelInitializer: seeded(1) }),
      layers.batchNormalization({ name: 'norm' }),
      layers.reLU({ name: 'relu' }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'head', units: 3, kernelInitializer: seeded(2) }),
    ],
  });
}

const lossOf = (y: tf.Tensor, p: tf.Tensor): tf.Scalar => tf.losses.softmaxCrossEntropy(y, p) as tf.Scalar;

interface Scene {
  readonly model: LayersModel;
  readonly optimizer: tf.Optimizer;
  /** 12 steps. */
  readonly train: (session: PruningSession, callbacks?: FitCallbacks) => Promise<unknown>;
}

async function scene(body: (scene: Scene) => Promise<void>, left = 0): Promise<void> {
  const before = tf.memory().numTensors;
  const model = network();
  const optimizer = tf.train.momentum(0.05, 0.9);
  const x = tf.randomNormal([48, 6, 6, 1], 0, 1, 'float32', 5);
  const y = tf.tensor2d(Array.from({ length: 48 }, (_, i) => [0, 1, 2].map(c => Number(c === i % 3))));
  await body({
    model,
    optimizer,
    train: (session, callbacks = session.callback) => {
      model.compile({ optimizer: session.optimizer, loss: lossOf });
      return model.fit(x, y, { batchSize: 4, epochs: 1, shuffle: false, verbose: 0, callbacks });
    },
  });
  tf.dispose([x, y]);
  disposeOptimizer(optimizer);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before + left);
}

describe('LayersModel.fit', () => {
  it.each([
    ['gradual', gradualToy as unknown as () => PruningMethod],
    ['dropGrow', dropGrowToy as unknown as () => PruningMethod],
  ])('leaves zeros in the weights and no tensor behind (%s)', async (_, create) => {
    await scene(async ({ model, optimizer, train }) => {
      const weights = modelWeights(model);
      const session = await PruningSession.start(create(), { weights, optimizer });
      await train(session);
      const settled = tf.memory().numTensors;
      await train(session);
      expect(tf.memory().numTensors).toBe(settled);
      expect(session.clock.step).toBe(24);
      expect(session.sparsity).toBe(create().target!.sparsity);
      for (const { name, variable } of weights.filter(({ prunable }) => prunable)) {
        const zeros = (await variable.data()).filter(value => value === 0).length;
        const masked = session.masks.get(name)!.filter(bit => bit === 0).length;
        expect(masked).toBeGreaterThan(0);
        // A grown entry may still be exactly 0, a masked one must be.
        expect(zeros).toBeGreaterThanOrEqual(masked);
      }
      session.dispose();
    });
  });

  it('throws at the second step if the callback was forgotten', async () => {
    await scene(async ({ model, optimizer, train }) => {
      const session = await PruningSession.start(fixed() as PruningMethod, { weights: modelWeights(model), optimizer });
      await expect(train(session, { onBatchEnd: async () => {} })).rejects.toThrow(StepNotSettledError);
      expect(session.clock.step).toBe(0);
      await session.settle();
      expect(session.clock.step).toBe(1);
      session.dispose();
    }, 2); // TensorFlow.js itself leaves the two slices of a batch behind when a step of fit throws
  });

  it('is refused a session that knows only the prunable weights', async () => {
    await scene(async ({ model, optimizer }) => {
      const session = await PruningSession.start(fixed(), { weights: prunableWeights(model), optimizer });
      const gradients = modelWeights(model)
        .filter(({ trainable }) => trainable)
        .map(({ variable }) => ({ name: variable.name, tensor: variable }));
      expect(() => session.optimizer.applyGradients(gradients)).toThrow(TrainableSetChangedError);
      expect(() => session.optimizer.applyGradients(gradients)).toThrow(/Give the session every weight of the model/);
      session.dispose();
    });
  });

  it('notices that a layer was frozen after the start', async () => {
    await scene(async ({ model, optimizer }) => {
      const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
      model.getLayer('conv').trainable = false;
      const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
      const loss = (): tf.Scalar => tf.sum(tf.concat(variables.map(variable => tf.reshape(variable, [-1]))));
      expect(() => session.optimizer.minimize(loss, false, variables)).toThrow(
        /no gradient for conv\/kernel, conv\/bias/,
      );
      session.dispose();
    });
  });

  it('rewinds moving statistics with the weights', async () => {
    await scene(async ({ model, optimizer, train }) => {
      const weights = modelWeights(model);
      const mean = weights.find(({ name }) => name === 'norm/moving_mean')!.variable;
      const method = ticketToy() as unknown as PruningMethod;
      const means: Float32Array[] = [];
      const session = await PruningSession.start(method, { weights, optimizer });
      await train(session, {
        onBatchEnd: async () => {
          await session.settle();
          means.push(Float32Array.from(await mean.data()));
        },
      });
      // Snapshot after step 1 (position 2), rewinds after the steps at position 4: the 5th and, 3 positions later, the
      // 8th.
      expect(means[4]).toEqual(means[1]);
      expect(means[7]).toEqual(means[1]);
      expect(means[3]).not.toEqual(means[1]);
      expect(session.clock).toEqual({ step: 12, position: 6, round: 2 });
      session.dispose();
    });
  });

  it('continues bit for bit in a model that was rebuilt from the checkpoint', async () => {
    const results: Float32Array[][] = [];
    const read = (model: LayersModel): Promise<Float32Array[]> =>
      Promise.all(modelWeights(model).map(async ({ variable }) => Float32Array.from(await variable.data())));
    let bytes = new Uint8Array(0);
    await scene(async ({ model, optimizer, train }) => {
      const session = await PruningSession.start(gradualToy() as PruningMethod, {
        weights: modelWeights(model),
        optimizer,
      });
      await train(session);
      bytes = Uint8Array.from(encodeCheckpoint(await session.checkpoint({ model })));
      await train(session);
      results.push(await read(model));
      session.dispose();
    });
    await scene(async ({ model, optimizer, train }) => {
      const checkpoint = decodeCheckpoint(bytes);
      const session = await PruningSession.resume(
        gradualToy() as PruningMethod,
        { weights: modelWeights(model), optimizer },
        checkpoint,
      );
      const rebuilt = await toModel(checkpoint);
      expect(await read(rebuilt)).toEqual(await read(model));
      rebuilt.dispose();
      await train(session);
      results.push(await read(model));
      session.dispose();
    });
    expect(results[1]).toEqual(results[0]);
  });
});
