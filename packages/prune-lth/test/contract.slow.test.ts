import { erdosRenyiKernel } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { lotteryTicket, lthTransfer } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describeMethodContract(
  { describe, it },
  'lotteryTicket',
  () => lotteryTicket({ sparsity: 0.8, rounds: 3, roundLength: 5, rewindTo: 2 }),
  { steps: 5 + 3 * 3 },
);
describeMethodContract(
  { describe, it },
  'lotteryTicket from step 0, clipped, with ERK',
  () => lotteryTicket({ sparsity: 0.4, fraction: 0.3, roundLength: 4, distribution: erdosRenyiKernel }),
  { steps: 4 + 2 * 4 },
);
describeMethodContract(
  { describe, it },
  'lotteryTicket with learning-rate rewinding',
  () => lotteryTicket({ rounds: 2, roundLength: 5, rewindTo: 1, rewind: 'learning-rate' }),
  { steps: 5 + 2 * 4 },
);
describeMethodContract(
  { describe, it },
  'lthTransfer',
  () => lthTransfer({ sparsity: 0.7, rounds: 3, roundLength: 4, except: [] }),
  { steps: 3 * 4 },
);
