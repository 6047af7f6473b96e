import { erdosRenyiKernel, uniform } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { magnitude, oneShotMagnitude } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const cadence = { start: 2, end: 13, every: 4 };

describeMethodContract({ describe, it }, 'magnitude', () => magnitude({ sparsity: 0.8, cadence }));
describeMethodContract({ describe, it }, 'magnitude with ERK from 10 %', () =>
  magnitude({ sparsity: 0.7, initialSparsity: 0.1, cadence, distribution: erdosRenyiKernel }),
);
describeMethodContract({ describe, it }, 'oneShotMagnitude', () =>
  oneShotMagnitude({ sparsity: 0.6, position: 5, distribution: uniform }),
);
