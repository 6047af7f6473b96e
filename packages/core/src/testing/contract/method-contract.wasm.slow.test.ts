import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { feedbackToy, scoredToy, thresholdToy } from '../../../test/toys/toy-hooked-methods.js';
import { toyMethods } from '../../../test/toys/toy-methods.js';
import { fixed } from '../../method/fixed.js';
import { describeMethodContract } from './describe-method-contract.js';
import { methodContract } from './method-contract.js';

beforeAll(() => tf.setBackend('wasm'));

describeMethodContract({ describe, it }, 'on wasm fixed', fixed);
describeMethodContract({ describe, it }, 'on wasm threshold', thresholdToy);
describeMethodContract({ describe, it }, 'on wasm feedback', feedbackToy);
describeMethodContract({ describe, it }, 'on wasm scored', scoredToy);
for (const [name, create] of Object.entries(toyMethods)) {
  describeMethodContract({ describe, it }, `on wasm ${name}`, create);
}

it('says which kernels are missing where convolutions cannot be trained', () => {
  const reasons = methodContract(fixed).flatMap(({ unavailable }) => unavailable?.() ?? []);
  expect(reasons).toHaveLength(8);
  expect(new Set(reasons)).toEqual(new Set(['the backend wasm has no kernel Conv2DBackpropFilter']));
});
