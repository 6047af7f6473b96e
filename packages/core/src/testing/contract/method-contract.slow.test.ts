import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { feedbackToy, scoredToy, thresholdToy } from '../../../test/toys/toy-hooked-methods.js';
import { toyMethods } from '../../../test/toys/toy-methods.js';
import { fixed } from '../../method/fixed.js';
import { describeMethodContract } from './describe-method-contract.js';

beforeAll(() => tf.setBackend('cpu'));

describeMethodContract({ describe, it }, 'fixed', fixed);
describeMethodContract({ describe, it }, 'threshold', thresholdToy);
describeMethodContract({ describe, it }, 'feedback', feedbackToy);
describeMethodContract({ describe, it }, 'scored', scoredToy);
for (const [name, create] of Object.entries(toyMethods)) describeMethodContract({ describe, it }, name, create);
