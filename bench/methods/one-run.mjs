/** One run: a method at one sparsity with one seed, from the first weights to the test accuracy. */
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, sequentialBatches, toTensors } from '@espalier/datasets';
import { evaluate, softmaxCrossEntropy, train } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { costMeter } from './cost.mjs';

/** The same method, which tells when a step observed the gradients of all weights. */
function watched(method, onGradients) {
  return {
    ...method,
    decide: (view, state) => {
      if (view.layers[0]?.gradient) onGradients();
      return method.decide(view, state);
    },
  };
}

const rounded = (value, digits = 4) => Number(value.toFixed(digits));

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {import('./methods.mjs').Plan} plan
 * @param {{ train: any, test: any }} data
 * @param {number} seed Of weights, data order, augmentation and the method.
 * @param {object} [options]
 * @param {AbortSignal} [options.signal]
 * @param {(trained: { session: PruningSession, model: any }) => Promise<void>} [options.onTrained]
 *   `onTrained` gets the network before it is disposed of. An aborted run throws.
 * @returns What is written down about the run. The test images are looked at after the last step, and right after a
 *   single cut.
 */
export async function oneRun(suite, { method, learningRate, positions }, data, seed, { signal, onTrained } = {}) {
  const { batchSize, normalise: normalize, augment, momentum, weightDecay, fisher } = suite;
  const began = performance.now();
  const model = suite.model(seed);
  const optimizer = tf.train.momentum(suite.learningRate, momentum);
  const weights = modelWeights(model);
  const cost = costMeter(model, weights, suite);
  const trainingBatch = (position, size, stream = seed) =>
    toTensors(
      batchAt(data.train, { position, batchSize: size, seed: stream, normalize, ...(augment ? { augment } : {}) }),
    );
  function* testBatches() {
    for (const batch of sequentialBatches(data.test, { batchSize: 500, normalize })) yield toTensors(batch);
  }
  const loss = softmaxCrossEntropy();
  let samplesTaken = 0;
  function* exampleLosses(count) {
    for (let i = 0; i < count; i++) {
      const { xs, ys } = trainingBatch(i, fisher.images, seed + 1000);
      samplesTaken++;
      try {
        yield () => tf.tidy(() => loss(model.apply(xs, { training: false }), ys));
      } finally {
        tf.dispose([xs, ys]);
      }
    }
  }
  let denseGradient = false;
  const observed = watched(method, () => {
    denseGradient = true;
  });
  const session = await PruningSession.start(observed, {
    weights,
    optimizer,
    learningRate,
    weightDecay,
    seed,
    exampleLosses,
  });
  cost.masksChanged(session.masks);
  const cutOnce = method.options?.phases === 1 || method.name === 'one-shot-woodfisher';
  let afterCut;
  try {
    await train({
      session,
      model,
      steps: positions,
      batches: position => trainingBatch(position, batchSize),
      ...(signal ? { signal } : {}),
      onEvent: async ({ type }) => {
        if (type === 'step') {
          cost.step(denseGradient);
          cost.gradients(samplesTaken, fisher.images);
          denseGradient = false;
          samplesTaken = 0;
        } else if (type === 'decision') {
          cost.masksChanged(session.masks);
          if (cutOnce) afterCut = await evaluate(model, testBatches());
        }
      },
    });
    signal?.throwIfAborted();
    await onTrained?.({ session, model });
    const { accuracy, loss: testLoss } = await evaluate(model, testBatches());
    return {
      accuracy: rounded(accuracy),
      loss: rounded(testLoss),
      sparsity: rounded(session.sparsity, 6),
      ...(afterCut ? { afterCut: { accuracy: rounded(afterCut.accuracy), loss: rounded(afterCut.loss) } } : {}),
      trainingCost: rounded(cost.total),
      inferenceCost: rounded(cost.forward),
      steps: session.clock.step,
      seconds: rounded((performance.now() - began) / 1000, 1),
    };
  } finally {
    session.dispose();
    disposeOptimizer(optimizer);
    model.dispose();
  }
}
