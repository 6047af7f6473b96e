import { global } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { dnw } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

describeMethodContract({ describe, it }, 'dnw', () => dnw({ sparsity: 0.8, end: 13 }));
describeMethodContract({ describe, it }, 'dnw with one ranking over all layers', () =>
  dnw({ sparsity: 0.7, end: 10, distribution: global }),
);
