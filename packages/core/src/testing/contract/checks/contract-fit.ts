import * as tf from '@tensorflow/tfjs-core';
import { disposeOptimizer } from '../../../tfjs/optimizer/dispose-optimizer.js';
import { PruningSession } from '../../../tfjs/session/session.js';
import { modelWeights } from '../../../tfjs/weights/model-weights.js';
import { requireThat } from '../run/contract-case.js';
import type { ContractSetup } from '../run/contract-run.js';
import { requireZeros } from './contract-masking.js';

const batch = 4;

/** Why the backend cannot train convolutions, if it cannot. */
export function convolutionUnavailable(): string | undefined {
  const missing = ['Conv2DBackpropFilter', 'Conv2DBackpropInput'].filter(name => !tf.getKernel(name, tf.getBackend()));
  return missing.length === 0 ? undefined : `the backend ${tf.getBackend()} has no kernel ${missing.join(', ')}`;
}

/** `LayersModel.fit` on a convolution, batch normalization and a dense layer: zeros stay, nothing leaks. */
export async function worksInFit(setup: ContractSetup): Promise<void> {
  const { initializers, layers, sequential } = await import('@tensorflow/tfjs-layers');
  const start = tf.memory().numTensors;
  const model = sequential({
    layers: [
      layers.conv2d({
        name: 'conv',
        inputShape: [6, 6, 1],
        filters: 4,
        kernelSize: 3,
        kernelInitializer: initializers.heNormal({ seed: 7 }),
      }),
      layers.batchNormalization({ name: 'norm' }),
      layers.reLU({ name: 'relu' }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'head', units: 3, kernelInitializer: initializers.heNormal({ seed: 8 }) }),
    ],
  });
  const examples = setup.steps * batch;
  const images = tf.randomNormal([examples, 6, 6, 1], 0, 1, 'float32', 11);
  const labels = tf.tensor2d(Array.from({ length: examples }, (_, i) => [0, 1, 2].map(c => Number(c === i % 3))));
  const optimizer = setup.optimizer();
  const lossOf = (y: tf.Tensor, p: tf.Tensor): tf.Scalar => tf.losses.softmaxCrossEntropy(y, p) as tf.Scalar;
  function* exampleLosses(count: number): Generator<() => tf.Scalar> {
    for (let i = 0; i < count; i++) {
      const row = i % examples;
      yield () =>
        lossOf(
          tf.slice(labels, [row, 0], [1, 3]),
          model.apply(tf.slice(images, [row, 0, 0, 0], [1, 6, 6, 1])) as tf.Tensor,
        );
    }
  }
  const weights = modelWeights(model);
  const session = await PruningSession.start(setup.create(), { weights, optimizer, seed: setup.seed, exampleLosses });
  try {
    model.compile({ optimizer: session.optimizer, loss: lossOf });
    await model.fit(images, labels, {
      epochs: 1,
      batchSize: batch,
      shuffle: false,
      verbose: 0,
      callbacks: session.callback,
    });
    requireThat(session.clock.step === setup.steps, () => `fit took ${session.clock.step} steps, not ${setup.steps}.`);
    await requireZeros(session, weights);
  } finally {
    session.dispose();
    disposeOptimizer(optimizer);
    tf.dispose([images, labels]);
    model.dispose();
  }
  const left = tf.memory().numTensors - start;
  requireThat(left === 0, () => `${left} tensors are left after fit and dispose (I4).`);
}
