import { erdosRenyiKernel, lamp, linear, uniform } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { iterativeMagnitude, magnitude, oneShotMagnitude, scaledRestart } from '../src/index.js';

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

const dense = { denseSchedule: linear({ from: 0.05, to: 0, start: 0, end: 8 }), denseSteps: 8 };

describeMethodContract({ describe, it }, 'iterativeMagnitude', () =>
  iterativeMagnitude({ sparsity: 0.8, phases: 3, ...dense, start: 4, retrainSteps: { total: 14 } }),
);
describeMethodContract({ describe, it }, 'iterativeMagnitude of a pretrained model, with LAMP and SLR', () =>
  iterativeMagnitude({
    sparsity: 0.7,
    phases: 2,
    ...dense,
    start: 0,
    retrainSteps: { perPhase: 11 },
    retraining: scaledRestart,
    distribution: lamp,
  }),
);
