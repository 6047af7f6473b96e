import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { softThreshold } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describeMethodContract({ describe, it }, 'softThreshold', () =>
  softThreshold({ end: 13, initialThreshold: -3, thresholdDecay: 0.5 }),
);
describeMethodContract({ describe, it }, 'softThreshold with a controller', () =>
  softThreshold({ end: 13, sparsity: 0.8, cadence: { start: 2, every: 4 }, initialThreshold: -100 }),
);
describeMethodContract({ describe, it }, 'softThreshold with an exponential', () =>
  softThreshold({ end: 13, sparsity: 0.6, cadence: { start: 0, every: 3 }, thresholdFunction: 'exponential' }),
);
