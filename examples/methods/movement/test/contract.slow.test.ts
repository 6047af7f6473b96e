import { global, polynomial } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { movement } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

describeMethodContract({ describe, it }, 'movement', () =>
  movement({ sparsity: 0.8, cadence: { start: 2, end: 13, every: 4 } }),
);
describeMethodContract({ describe, it }, 'movement of masked weights, over all layers', () =>
  movement({
    sparsity: 0.7,
    initialSparsity: 0.1,
    cadence: { start: 0, end: 12, every: 2 },
    schedule: polynomial({ from: 0.1, to: 0.7, start: 0, end: 6 }),
    distribution: global,
    trainMasked: true,
  }),
);
