import { uniform } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { oneShotWoodFisher, woodFisher } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const cadence = { start: 2, end: 13, every: 4 };

describeMethodContract({ describe, it }, 'woodFisher', () =>
  woodFisher({ sparsity: 0.8, cadence, samples: 6, blockSize: 5 }),
);
describeMethodContract({ describe, it }, 'woodFisher from 10 % with Gram blocks', () =>
  woodFisher({ sparsity: 0.7, initialSparsity: 0.1, cadence, samples: 3, blockSize: 24, damping: 1e-3 }),
);
describeMethodContract({ describe, it }, 'oneShotWoodFisher', () =>
  oneShotWoodFisher({ sparsity: 0.6, position: 5, samples: 6, blockSize: 8, distribution: uniform }),
);

describeMethodContract({ describe, it }, 'oneShotWoodFisher in three cuts', () =>
  oneShotWoodFisher({ sparsity: 0.6, position: 5, cuts: 3, samples: 6, blockSize: 8, distribution: uniform }),
);
