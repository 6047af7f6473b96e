import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { fixed } from '../method/fixed.js';
import { describeMethodContract } from './describe-method-contract.js';
import { toyMethods } from './toy-methods.js';

beforeAll(() => tf.setBackend('cpu'));

describeMethodContract({ describe, it }, 'fixed', fixed);
for (const [name, create] of Object.entries(toyMethods)) describeMethodContract({ describe, it }, name, create);
