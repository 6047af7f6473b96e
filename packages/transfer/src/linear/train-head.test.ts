import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newHead } from '../backbone/head.js';
import type { Features } from '../features/features.js';
import { featureBatch, stepsOf } from './feature-batches.js';
import { type HeadOptions, trainHead } from './train-head.js';

guardTensors({ beforeEach, afterEach });

const [dimension, classes] = [3, 2];
const features = (count: number): Features => ({
  dimension,
  values: Float32Array.from({ length: count * dimension }, (_, i) => Math.sin(i * i + 1)),
  labels: Int32Array.from({ length: count }, (_, i) => (Math.sin((3 * i) ** 2 + 1) > 0 ? 1 : 0)),
});
const options: HeadOptions = {
  seed: 21,
  classes,
  epochs: 150,
  batchSize: 4,
  learningRate: 0.01,
  dropAfter: [50, 100],
  momentum: 0.9,
  weightDecay: 5e-4,
  evaluateEvery: 1,
  onEpoch: () => {},
};

it('transfer T3: has 51, 50 and 49 epochs at the three learning rates', async () => {
  const history = await trainHead(features(6), features(3), options);
  const rates = history.map(({ learningRate }) => learningRate.toPrecision(3));
  const runs = ['0.0100', '0.00100', '0.000100'].map(rate => rates.filter(other => other === rate).length);
  expect(runs).toEqual([51, 50, 49]);
  expect(history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 150 }, (_, epoch) => epoch));
});

it('is SGD as PyTorch has it: momentum, decay of kernel and bias, rates by epoch', async () => {
  // Oracle in double precision: v ← 0.9 v + (gradient + decay · w), w ← w − rate · v. A rate of 1 after the drop and of
  // 10 before it would both show in the losses.
  const data = features(6);
  const settings = { ...options, epochs: 6, dropAfter: [1, 3], learningRate: 0.5, weightDecay: 0.1 };
  const history = await trainHead(data, features(3), settings);
  const head = sequential({ layers: [newHead(dimension, classes, 21)] });
  const [kernel, bias] = head.getWeights().map(weight => Array.from(weight.dataSync()));
  head.dispose();
  const weights = [...kernel!, ...bias!];
  const velocity = weights.map(() => 0);
  const losses: number[] = [];
  for (let position = 0; position < 12; position++) {
    const { xs, ys } = featureBatch(data, position, 4, 21);
    const [rows, labels] = [(xs as tf.Tensor2D).arraySync(), ys.dataSync()];
    tf.dispose([xs, ys]);
    const gradient = weights.map(weight => 0.1 * weight);
    let loss = 0;
    rows.forEach((row, example) => {
      const logits = [0, 1].map(c => weights[6 + c]! + row.reduce((sum, x, i) => sum + x * weights[2 * i + c]!, 0));
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      logits.forEach((logit, c) => {
        const error = (Math.exp(logit) / total - (labels[example] === c ? 1 : 0)) / rows.length;
        gradient[6 + c]! += error;
        row.forEach((x, i) => {
          gradient[2 * i + c]! += x * error;
        });
      });
      loss -= Math.log(Math.exp(logits[labels[example]!]!) / total) / rows.length;
    });
    const rate = position < 4 ? 0.5 : position < 8 ? 0.05 : 0.005;
    weights.forEach((_, i) => {
      velocity[i] = 0.9 * velocity[i]! + gradient[i]!;
      weights[i]! -= rate * velocity[i]!;
    });
    losses.push(loss);
  }
  history.forEach(({ loss }, epoch) => {
    expect(loss).toBeCloseTo((losses[2 * epoch]! + losses[2 * epoch + 1]!) / 2, 4);
  });
});

it('sees every example once in an epoch, in another order in the next', () => {
  const data: Features = {
    dimension: 1,
    values: Float32Array.from({ length: 10 }, (_, i) => i),
    labels: new Int32Array(10),
  };
  const epoch = (from: number): number[] =>
    [0, 1, 2].flatMap(step => {
      const { xs, ys } = featureBatch(data, from + step, 4, 7);
      const values = [...xs.dataSync()];
      tf.dispose([xs, ys]);
      return values;
    });
  expect(stepsOf(data, 4)).toBe(3);
  const [first, second] = [epoch(0), epoch(3)];
  expect([...first].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(second).not.toEqual(first);
  expect(epoch(0)).toEqual(first);
});

it('scores the last epoch also where it is not due', async () => {
  const history = await trainHead(features(6), features(3), { ...options, epochs: 5, evaluateEvery: 2 });
  expect(history.map(({ epoch }) => epoch)).toEqual([1, 3, 4]);
});
