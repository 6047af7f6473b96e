import { uniform } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { granet, rigl, set, staticSparse } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const cadence = { start: 0, end: 13, every: 4 };

describeMethodContract({ describe, it }, 'rigl', () => rigl({ sparsity: 0.7, cadence }));
describeMethodContract({ describe, it }, 'rigl that applies its updates', () =>
  rigl({ sparsity: 0.5, cadence, optimizer: 'apply', anneal: 'constant', distribution: uniform }),
);
describeMethodContract({ describe, it }, 'set', () => set({ sparsity: 0.7, cadence }));
describeMethodContract({ describe, it }, 'staticSparse', () => staticSparse({ sparsity: 0.7 }));
describeMethodContract({ describe, it }, 'granet', () => granet({ sparsity: 0.8, cadence, trainingSteps: 20 }));
describeMethodContract({ describe, it }, 'granet from dense', () =>
  granet({ sparsity: 0.6, cadence, trainingSteps: 20, initialSparsity: 0 }),
);
describeMethodContract({ describe, it }, 'set without an end', () =>
  set({ sparsity: 0.8, cadence: { start: 1, end: Infinity, every: 3 } }),
);
