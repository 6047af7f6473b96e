import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { PruningMethod } from '../../method/pruning-method.js';
import { disposeOptimizer } from '../optimizer/dispose-optimizer.js';
import { weightsOf } from '../weights/weights-of.js';
import { PruningSession } from './session.js';

beforeAll(() => tf.setBackend('cpu'));

const size = 6;
const { fround } = Math;

interface Script {
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly masks: readonly (readonly number[])[];
  readonly reset: readonly boolean[];
}

/** Momentum 0.5, rate 0.25, one entry at a time in single precision: the obvious implementation. */
function oracle({ start, gradients, masks, reset }: Script): number[] {
  const w = start.map(fround);
  const m = w.map(() => 0);
  let mask: readonly number[] = w.map(() => 1);
  gradients.forEach((gradient, step) => {
    for (let i = 0; i < size; i++) {
      const g = mask[i] ? fround(gradient[i]!) : 0;
      m[i] = fround(fround(0.5 * m[i]!) + g);
      w[i] = mask[i] ? fround(fround(-0.25 * m[i]!) + w[i]!) : 0;
    }
    mask = masks[step]!;
    for (let i = 0; i < size; i++) {
      if (!mask[i]) w[i] = 0;
      if (!mask[i] || reset[step]) m[i] = 0;
    }
  });
  return w;
}

async function trained({ start, gradients, masks, reset }: Script): Promise<number[]> {
  const w = tf.tidy(() => tf.variable(tf.tensor2d([...start], [1, size])));
  const method: PruningMethod = {
    specification: 'v1',
    name: 'scripted',
    citation: 'none',
    options: {},
    start: () => ({ state: null }),
    plan: () => ({ observe: { kind: 'clock' } }),
    decide: ({ clock: { step } }) => ({
      state: null,
      masks: new Map([['w', Uint8Array.from(masks[step]!)]]),
      slots: reset[step] ? 'reset' : 'keep',
    }),
  };
  const optimizer = tf.train.momentum(0.25, 0.5);
  const session = await PruningSession.start(method, { weights: weightsOf({ w }), optimizer });
  for (const gradient of gradients) {
    await session.step(() => tf.sum(tf.mul(w, tf.tensor2d([...gradient], [1, size]))));
  }
  const values = Array.from(await w.data());
  session.dispose();
  disposeOptimizer(optimizer);
  w.dispose();
  return values;
}

it('equals masked momentum computed entry by entry, whatever is masked, grown and reset when', async () => {
  const before = tf.memory().numTensors;
  const number = fc.integer({ min: -64, max: 64 }).map(value => value / 8);
  const row = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: size, maxLength: size });
  const scripts = fc.integer({ min: 1, max: 8 }).chain(steps => {
    const times = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: steps, maxLength: steps });
    return fc.record({
      start: row(number),
      gradients: times(row(number)),
      masks: times(row(fc.constantFrom(0, 1))),
      reset: times(fc.boolean()),
    });
  });
  await fc.assert(
    fc.asyncProperty(scripts, async script => {
      // −0 and 0 are the same weight.
      expect((await trained(script)).map(value => value + 0)).toEqual(oracle(script).map(value => value + 0));
    }),
    { numRuns: 150 },
  );
  expect(tf.memory().numTensors).toBe(before);
});
