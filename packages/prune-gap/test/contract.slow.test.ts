import { erdosRenyiKernel, global } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { byName, gap, parallelGap } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const turns = { turns: 4, turnLength: 4 };
const partitions = byName([[/^(hidden|conv)/], [/^head/]]);

describeMethodContract({ describe, it }, 'gap', () => gap({ sparsity: 0.8, partitions: 2, ...turns }));
describeMethodContract({ describe, it }, 'gap in random order with a global ranking and its own learning rate', () =>
  gap({
    sparsity: 0.7,
    partitions,
    order: 'random',
    slots: 'keep',
    distribution: global,
    ...turns,
    learningRate: [{ shape: 'cosine', length: 4, from: 0.05, to: 0.01 }],
  }),
);
describeMethodContract({ describe, it }, 'gap with one partition and ERK', () =>
  gap({ sparsity: 0.6, partitions: 1, initialMasks: 'magnitude', distribution: erdosRenyiKernel, ...turns }),
);
describeMethodContract({ describe, it }, 'parallelGap', () => parallelGap({ sparsity: 0.8, partitions, partition: 1 }));
