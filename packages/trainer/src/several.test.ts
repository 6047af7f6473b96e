import { afterwards, guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { oneShotMagnitude } from '@espalier/prune-magnitude';
import { oneShotWoodFisher } from '@espalier/prune-woodfisher';
import * as tf from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyBatch } from './batch.js';
import { evaluate } from './evaluate.js';
import { exampleLosses } from './example-losses.js';
import { softmaxCrossEntropy } from './loss.js';
import { meanSquaredError } from './losses/mean-squared-error.js';
import { recalibrateBatchNorm } from './recalibrate-batch-norm.js';
import { train } from './train/train.js';
import { meanAbsoluteError, topK } from './usual-metrics.js';

guardTensors({ beforeEach, afterEach });

const weights = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) });

/** Inputs a of 3 numbers and b of 2; outputs kind (a softmax of 3) and size (one number). */
function net(): LayersModel {
  const [a, b] = [input({ shape: [3], name: 'a' }), input({ shape: [2], name: 'b' })];
  const both = layers.concatenate({ name: 'both' }).apply([a, b]) as SymbolicTensor;
  const hidden = layers.dense({ name: 'hidden', units: 8, activation: 'relu', ...weights(1) }).apply(both);
  const normal = layers.batchNormalization({ name: 'norm' }).apply(hidden);
  const kind = layers.dense({ name: 'kind', units: 3, activation: 'softmax', ...weights(2) }).apply(normal);
  const size = layers.dense({ name: 'size', units: 1, ...weights(3) }).apply(normal);
  return afterwards(modelOf({ inputs: [a, b], outputs: [kind as SymbolicTensor, size as SymbolicTensor] }));
}

const inputs = () => ({ a: tf.tensor2d([1, 0, 0, 0, 1, 0], [2, 3]), b: tf.tensor2d([1, 2, 3, 4], [2, 2]) });
const labels = () => ({ kind: tf.tensor1d([2, 0], 'int32'), size: tf.tensor1d([1, -1]) });
/** The same with another tensor in the place of one. */
const replaced = (tensors: Record<string, tf.Tensor>, name: string, tensor: tf.Tensor) => {
  tensors[name]?.dispose();
  return { ...tensors, [name]: tensor };
};
const batch = (): AnyBatch => ({ xs: inputs(), ys: labels() });
const loss = { kind: softmaxCrossEntropy(), size: { loss: meanSquaredError(), weight: 0.5 } };

/** What plain TensorFlow.js makes of it: categorical cross-entropy of the softmax, and half of the squared error. */
function byHand(model: LayersModel): number {
  return tf.tidy(() => {
    const { a, b } = inputs();
    const [kind, size] = model.predict([a, b]) as [tf.Tensor, tf.Tensor];
    const [first, second] = [kind.dataSync(), size.dataSync()];
    const entropy = -(Math.log(first[2] ?? 0) + Math.log(first[3] ?? 0)) / 2;
    return entropy + 0.5 * ((((second[0] ?? 0) - 1) ** 2 + ((second[1] ?? 0) + 1) ** 2) / 2);
  });
}

describe('several inputs and outputs', () => {
  it('are judged by a loss for each output, added up with its weight, and by metrics of outputs', async () => {
    const model = net();
    const expected = byHand(model);
    const metrics = {
      right: { output: 'kind', metric: topK(3) },
      error: { output: 'size', metric: meanAbsoluteError() },
    };
    const found = await evaluate(model, [batch(), batch()], { loss, metrics });
    expect(found.loss).toBeCloseTo(expected, 5);
    expect([found.examples, found.accuracy, found.metrics?.right]).toEqual([4, Number.NaN, 1]);
    const size = tf.tidy(() => (model.predict(Object.values(inputs())) as tf.Tensor[])[1]?.dataSync() ?? []);
    expect(found.metrics?.error).toBeCloseTo((Math.abs((size[0] ?? 0) - 1) + Math.abs((size[1] ?? 0) + 1)) / 2, 5);
  });

  it('may be arrays in the order of the model, and a metric in the place of accuracy names its output', async () => {
    const model = net();
    const asArrays: AnyBatch = { xs: Object.values(inputs()), ys: Object.values(labels()) };
    const metric = { output: 'kind', metric: topK(3) };
    const found = await evaluate(model, [asArrays], { loss, metric });
    expect(found.loss).toBeCloseTo(byHand(model), 5);
    expect(found.accuracy).toBe(1);
  });

  it('may have one loss over all of them, with labels of any form', async () => {
    const model = net();
    const joint = (outputs: readonly tf.Tensor[], ys: unknown): tf.Scalar => {
      const { target } = ys as { target: tf.Tensor };
      return tf.mean(tf.squaredDifference(outputs[1] as tf.Tensor, target)) as tf.Scalar;
    };
    const ys = { target: tf.tensor2d([[1], [-1]]) };
    const { loss: found } = await evaluate(model, [{ xs: inputs(), ys }], {
      loss: { joint },
      metrics: { error: { output: 'size', metric: () => tf.scalar(7) } },
    });
    const size = tf.tidy(() => (model.predict(Object.values(inputs())) as tf.Tensor[])[1]?.dataSync() ?? []);
    expect(found).toBeCloseTo((((size[0] ?? 0) - 1) ** 2 + ((size[1] ?? 0) + 1) ** 2) / 2, 5);
  });

  it('have a default loss if each output asks for one', async () => {
    const x = input({ shape: [2], name: 'x' });
    const one = layers.dense({ name: 'one', units: 3, activation: 'softmax', ...weights(1) }).apply(x);
    // This head reads the probabilities of the other, which must stay what they are.
    const two = layers.dense({ name: 'two', units: 2, ...weights(2) }).apply(one);
    const model = afterwards(modelOf({ inputs: x, outputs: [one as SymbolicTensor, two as SymbolicTensor] }));
    const ys = () => ({ one: tf.tensor1d([2], 'int32'), two: tf.tensor1d([1], 'int32') });
    const metrics = { top: { output: 'two', metric: topK(1) } };
    const { loss: found } = await evaluate(model, [{ xs: tf.tensor2d([[1, 2]]), ys: ys() }], { metrics });
    const expected = tf.tidy(() => {
      const [first, second] = model.predict(tf.tensor2d([[1, 2]])) as [tf.Tensor, tf.Tensor];
      return -Math.log(first.dataSync()[2] ?? 0) - Math.log(tf.softmax(second).dataSync()[1] ?? 0);
    });
    expect(found).toBeCloseTo(expected, 5);
  });

  it.each<[string, object, string]>([
    ['no loss for a number', {}, 'NO_DEFAULT_LOSS'],
    ['one loss for two outputs', { loss: softmaxCrossEntropy() }, 'INVALID_OPTION'],
    ['a loss of no output', { loss: { kinds: softmaxCrossEntropy() } }, 'INVALID_OPTION'],
    ['a negative weight', { loss: { size: { loss: meanSquaredError(), weight: -1 } } }, 'INVALID_OPTION'],
    ['no metric', { loss }, 'NO_ACCURACY'],
    ['a metric of nobody knows which output', { loss, metric: topK(1) }, 'INVALID_OPTION'],
    ['a metric of no output', { loss, metrics: { top: { output: 'x', metric: topK(1) } } }, 'INVALID_OPTION'],
  ])('with %s are refused, and the message says what to pass', async (_, options, code) => {
    const refused = await evaluate(net(), [], options).catch((error: unknown) => error as Error & { code: string });
    expect(refused).toMatchObject({ code, message: expect.stringMatching(/output|loss/) });
  });

  it.each<[string, () => unknown, RegExp]>([
    ['an input', () => ({ xs: { a: tf.zeros([2, 3]) }, ys: labels() }), /it has xs\.a, but the model takes a, b/],
    ['all inputs but one', () => ({ xs: tf.zeros([2, 3]), ys: labels() }), /model takes a, b/],
    ['labels of an output', () => ({ xs: inputs(), ys: { kind: tf.zeros([2]) } }), /no labels for the output "size"/],
    [
      'a class',
      () => ({ xs: inputs(), ys: replaced(labels(), 'kind', tf.tensor1d([0, 3])) }),
      /label 3 \(entry 1 of ys of "kind"\)/,
    ],
    [
      'examples of an input',
      () => ({ xs: replaced(inputs(), 'b', tf.zeros([1, 2])), ys: labels() }),
      /xs of "b" has 1 examples/,
    ],
    [
      'the shape of an input',
      () => ({ xs: replaced(inputs(), 'b', tf.zeros([2, 9])), ys: labels() }),
      /xs of "b" has shape \[2, 9\]/,
    ],
  ])('of batches that lack %s are refused, and the batch is freed', async (_, make, message) => {
    const model = net();
    const before = tf.memory().numTensors;
    const made = make() as AnyBatch;
    const metrics = { top: { output: 'kind', metric: topK(1) } };
    const refused = evaluate(model, [made], { loss, metrics });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_BATCH', message: expect.stringMatching(message) });
    expect(tf.memory().numTensors - before).toBe(0);
  });

  it('train, prune, and are recalibrated, with as many tensors after each step as before', async () => {
    const model = net();
    const session = await PruningSession.start(oneShotMagnitude({ sparsity: 0.5, position: 4 }), {
      weights: modelWeights(model),
      optimizer: afterwards(tf.train.sgd(0.02)),
    });
    afterwards(session);
    const seen: number[] = [];
    const before = byHand(model);
    const { sparsity } = await train({
      session,
      model,
      batches: batch,
      loss,
      steps: 30,
      evaluation: {
        every: 15,
        batches: () => [batch()],
        metrics: { error: { output: 'size', metric: meanAbsoluteError() } },
      },
      onEvent: event => event.type === 'step' && seen.push(tf.memory().numTensors),
    });
    expect(sparsity).toBeCloseTo(0.5, 1);
    expect(new Set(seen.slice(6)).size).toBe(1);
    expect(await recalibrateBatchNorm(model, [batch()])).toBe(1);
    expect(byHand(model)).toBeLessThan(before);
  });
});

describe('losses of single examples', () => {
  it('have gradients whose mean is that of the batch', async () => {
    const model = net();
    const kernel = modelWeights(model).find(({ name }) => name.startsWith('size/kernel'))?.variable as tf.Variable;
    const gradient = (of: () => tf.Scalar): number[] =>
      tf.tidy(() => [...(tf.variableGrads(of, [kernel]).grads[kernel.name]?.dataSync() ?? [])]);
    const rows: number[][] = [];
    for await (const each of exampleLosses({ model, batches: batch, loss })(2)) rows.push(gradient(each));
    const { a, b } = inputs();
    const whole = gradient(() => {
      const [, size] = model.apply([a, b], { training: false }) as [tf.Tensor, tf.Tensor];
      return tf.mul(0.5, tf.losses.meanSquaredError(tf.tensor2d([[1], [-1]]), size)) as tf.Scalar;
    });
    tf.dispose([a, b]);
    expect(rows.length).toBe(2);
    for (const [index, value] of whole.entries()) {
      expect(((rows[0]?.[index] ?? 0) + (rows[1]?.[index] ?? 0)) / 2).toBeCloseTo(value, 5);
    }
  });

  it('let WoodFisher prune a model of several inputs and outputs', async () => {
    const model = net();
    const session = await PruningSession.start(
      oneShotWoodFisher({ sparsity: 0.5, position: 1, samples: 7, blockSize: 8 }),
      {
        weights: modelWeights(model),
        optimizer: afterwards(tf.train.sgd(0.02)),
        exampleLosses: exampleLosses({ model, batches: batch, loss }),
      },
    );
    afterwards(session);
    const { sparsity } = await train({ session, model, batches: batch, loss, steps: 3 });
    expect(sparsity).toBeCloseTo(0.5, 1);
  });
});
