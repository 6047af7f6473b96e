import '@tensorflow/tfjs-layers';
import { useBackend } from '@espalier/backend';
import { beforeAll, expect, it } from 'vitest';
import { families } from './sweep/index.js';
import { sweep } from './sweep/sweep.js';

/*
 * Every kernel that training can reach on wasm against cpu, over random shapes, axes, strides, paddings, data types and
 * broadcasts; `outside/05-wasm-kernels.test.ts` tries more cases of each family.
 */
beforeAll(async () => {
  await useBackend('cpu');
  await useBackend('wasm');
});

it.each(Object.keys(families))('%s on wasm gives what cpu gives, also in dirty memory', async family => {
  expect(await sweep(family, 12)).toEqual([]);
});
