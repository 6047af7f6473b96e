import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { snip } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

describeMethodContract({ describe, it }, 'snip', () => snip({ sparsity: 0.8, batches: 3 }));
