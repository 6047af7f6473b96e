import { afterwards, guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-wasm';
import type { MethodState, PruningMethod } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession, type SessionOptions } from '@espalier/core/tfjs';
import {
  batchAt,
  embeddedDigits,
  digitsNormalization as normalize,
  sequentialBatches,
  toTensors,
} from '@espalier/datasets';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach } from 'vitest';

beforeAll(() => tf.setBackend('wasm'));
guardTensors({ beforeEach, afterEach });

/** Entries of the kernels of LeNet-300-100: 784·300, 300·100 and 100·10, together 266 200. */
export const kernelSizes: readonly number[] = [235_200, 30_000, 1_000];
export const kernelEntries = 266_200;

/** A new LeNet-300-100 for one test. */
export const lenet = (): LayersModel => afterwards(lenet300({ seed: 1 }));

/** Entries of each kernel that are not 0. */
export async function nonzeroOf(model: LayersModel): Promise<number[]> {
  const kernels = modelWeights(model).filter(weight => weight.prunable);
  const values = await Promise.all(kernels.map(({ variable }) => variable.data()));
  return values.map(entries => entries.filter(w => w !== 0).length);
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Fraction of right answers on the held-out digits. */
export async function accuracyOf(model: LayersModel): Promise<number> {
  const { test } = await embeddedDigits();
  let right = 0;
  for (const batch of sequentialBatches(test, { batchSize: 500, normalize })) {
    const answers = tf.tidy(() => tf.argMax(model.predict(toTensors(batch).xs) as tf.Tensor, 1));
    const values = await answers.data();
    answers.dispose();
    right += batch.labels.reduce((count, label, i) => count + (values[i] === label ? 1 : 0), 0);
  }
  return right / test.size;
}

/** Mean loss of the batch of training digits at a position. */
export async function lossesOf(
  model: LayersModel,
  { batchSize, training }: { readonly batchSize: number; readonly training: boolean },
): Promise<(position: number) => () => tf.Scalar> {
  const { train } = await embeddedDigits();
  return position => () =>
    tf.tidy(() => {
      const { xs, ys } = toTensors(batchAt(train, { position, batchSize, seed: 1, normalize }), { labels: 'one-hot' });
      return tf.losses.softmaxCrossEntropy(ys, model.apply(xs, { training }) as tf.Tensor) as tf.Scalar;
    });
}

export interface DigitsRun<State extends MethodState> {
  readonly model: LayersModel;
  readonly session: PruningSession<State>;
  /** One step on the digits of a position, by default that of the session. */
  readonly step: (position?: number) => Promise<void>;
  readonly accuracy: () => Promise<number>;
}

/** A pruning method at the start of training a LeNet-300-100 with momentum, disposed after the test. */
export async function startOnDigits<State extends MethodState>(
  method: PruningMethod<State>,
  options: Partial<SessionOptions> = {},
  model: LayersModel = lenet(),
): Promise<DigitsRun<State>> {
  const optimizer = tf.train.momentum(0.05, 0.9);
  afterwards({ dispose: () => disposeOptimizer(optimizer) });
  const weights = modelWeights(model);
  const session = afterwards(await PruningSession.start(method, { weights, optimizer, seed: 1, ...options }));
  const lossAt = await lossesOf(model, { batchSize: 64, training: true });
  return {
    model,
    session,
    accuracy: () => accuracyOf(model),
    step: async (position = session.clock.position) => {
      await session.step(lossAt(position));
    },
  };
}
