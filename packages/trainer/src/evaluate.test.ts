import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model as makeModel, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import { evaluate } from './evaluate.js';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from './loss.js';

/** The identity: the input is the logits. */
let identity: LayersModel;

guardTensors({ beforeEach, afterEach });
beforeEach(() => {
  identity = sequential({ layers: [layers.activation({ activation: 'linear', inputShape: [2] })] });
});
afterEach(() => {
  identity.dispose();
});

const batch = (logits: number[][], labels: number[]): Batch => ({
  xs: tf.tensor2d(logits),
  ys: tf.tensor1d(labels, 'int32'),
});

it('counts every example once, however unequal the batches are', async () => {
  // Right, right, wrong | right: 3 of 4. Losses: ln(1+e^-1), ln(1+e^-1), ln(1+e) | ln 2 (a tie).
  const data = [batch([[1, 0], [0, 1], [1, 0]], [0, 1, 1]), batch([[5, 5]], [0])]; // biome-ignore format: one line
  const { loss, accuracy, examples } = await evaluate(identity, data);
  expect(accuracy).toBe(0.75);
  expect(examples).toBe(4);
  expect(loss).toBeCloseTo((2 * Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.E) + Math.log(2)) / 4, 6);
});

it('takes labels as rows too, and batches from an async generator', async () => {
  async function* batches(): AsyncGenerator<Batch> {
    yield { xs: tf.tensor2d([[1, 0]]), ys: tf.tensor2d([[1, 0]]) };
    yield { xs: tf.tensor2d([[1, 0]]), ys: tf.tensor2d([[0, 1]]) };
  }
  expect((await evaluate(identity, batches())).accuracy).toBe(0.5);
});

it('breaks a tie towards the lower class', async () => {
  expect((await evaluate(identity, [batch([[2, 2]], [0])])).accuracy).toBe(1);
  expect((await evaluate(identity, [batch([[2, 2]], [1])])).accuracy).toBe(0);
});

it('runs in inference mode and leaves batch statistics as they are', async () => {
  const normalized = sequential({ layers: [layers.batchNormalization({ inputShape: [2] })] });
  const weights = normalized.weights.map(weight => weight.read());
  const values = async (): Promise<number[]> => (await Promise.all(weights.map(w => w.data()))).flatMap(v => [...v]);
  const initially = await values();
  // Moving mean 0 and variance 1: the outputs are (nearly) the inputs, so the true class has the larger one.
  expect((await evaluate(normalized, [batch([[3, 2]], [0])])).accuracy).toBe(1);
  expect(await values()).toEqual(initially);
  normalized.dispose();
});

it('refuses an empty series', async () => {
  await expect(evaluate(identity, [])).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'batches' });
});

it('refuses two outputs without a metric', async () => {
  const x = input({ shape: [2] });
  const y = layers.activation({ activation: 'linear' }).apply(x) as typeof x;
  const twoOutputs = makeModel({ inputs: x, outputs: [y, x] });
  await expect(evaluate(twoOutputs, [])).rejects.toMatchObject({ code: 'NO_ACCURACY' });
});

it.each<['softmax' | 'sigmoid' | 'linear', number[]]>([
  // Of 0 and ln 3: 1/4 and 3/4; 1/2 and 3/4; the logits themselves.
  ['softmax', [0.25, 0.75]],
  ['sigmoid', [0.5, 0.75]],
  ['linear', [0, Math.log(3)]],
])('gives metrics what a %s model gives, though its loss is one on logits', async (activation, expected) => {
  const model = sequential({ layers: [layers.activation({ activation, inputShape: [2] })] });
  const seen: tf.Tensor[] = [];
  const first = (values: tf.Tensor): tf.Scalar => {
    seen.push(tf.keep(tf.clone(values)));
    return tf.scalar(0);
  };
  const batches = [{ xs: tf.tensor2d([[0, Math.log(3)]]), ys: tf.tensor2d([[0, 1]]) }];
  const loss = activation === 'sigmoid' ? sigmoidCrossEntropy() : softmaxCrossEntropy();
  await evaluate(model, batches, { loss, metrics: { first } });
  const values = await seen[0]!.data();
  expected.forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, 6);
  });
  tf.dispose(seen);
  model.dispose();
});
