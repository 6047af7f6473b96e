import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { scored } from '../../test/toys/toy-hooks.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { disposeOptimizer } from './optimizer/dispose-optimizer.js';
import { PruningSession } from './session/session.js';
import { weightsOf } from './weights/weights-of.js';

beforeAll(() => tf.setBackend('cpu'));

const size = 5;
const number = fc.integer({ min: -2048, max: 2048 }).map(value => value / 1024);
const numbers = fc.array(number, { minLength: size, maxLength: size });
const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: size, maxLength: size });
const runs = fc.record({
  start: numbers,
  steps: fc.array(fc.record({ gradient: numbers, mask: fc.option(bits), scores: fc.option(numbers) }), {
    minLength: 1,
    maxLength: 6,
  }),
  scores: fc.oneof(number, numbers),
  decay: fc.constantFrom(0, 0.1),
});
type Run = typeof runs extends fc.Arbitrary<infer R> ? R : never;

/** Scores and weights under momentum, entry by entry in double precision. */
function expectedRun({ start, steps, scores: initial, decay }: Run) {
  const [rate, momentum] = [0.125, 0.5];
  let raw = [...start];
  let slot = raw.map(() => 0);
  let scores = typeof initial === 'number' ? raw.map(() => initial) : initial;
  let scoreSlot = raw.map(() => 0);
  let mask = raw.map(() => 1);
  for (const step of steps) {
    const scoreGradient = step.gradient.map((g, i) => g * raw[i]! + decay * scores[i]!);
    slot = slot.map((v, i) => momentum * v + (mask[i] ? step.gradient[i]! : 0));
    scoreSlot = scoreSlot.map((v, i) => momentum * v + scoreGradient[i]!);
    raw = raw.map((w, i) => w - rate * slot[i]!);
    scores = step.scores ?? scores.map((s, i) => s - rate * scoreSlot[i]!);
    mask = step.mask ?? mask;
  }
  return { raw, slot, scores, scoreSlot, effective: raw.map((w, i) => (mask[i] ? w : 0)) };
}

it('equals scores and weights computed entry by entry, whatever is masked and set when', async () => {
  const before = tf.memory().numTensors;
  await fc.assert(
    fc.asyncProperty(runs, async run => {
      const { steps, start, scores, decay } = run;
      const kernel = tf.tidy(() => tf.variable(tf.tensor2d(start, [1, size])));
      const optimizer = tf.train.momentum(0.125, 0.5);
      const initial = typeof scores === 'number' ? scores : Float32Array.from(scores);
      const method: PruningMethod = {
        specification: 'v1',
        name: 'property',
        citation: 'none',
        options: {},
        reparameterization: scored(initial, decay),
        start: () => ({ state: null }),
        plan: () => ({ observe: { kind: 'clock' } }),
        decide: ({ clock }) => {
          const { mask, scores: set } = steps[clock.position]!;
          return {
            state: null,
            ...(mask ? { masks: new Map([['kernel', Uint8Array.from(mask)]]) } : {}),
            ...(set ? { weightParameters: new Map([['kernel', { scores: Float32Array.from(set) }]]) } : {}),
          };
        },
      };
      const session = await PruningSession.start(method, { weights: weightsOf({ kernel }), optimizer });
      for (const { gradient } of steps) {
        const constant = tf.tensor2d(gradient, [1, size]);
        await session.step(() => tf.sum(tf.mul(kernel, constant)));
        constant.dispose();
      }
      const { reparameterization, slots, weights } = await session.checkpoint();
      session.dispose();
      disposeOptimizer(optimizer);
      kernel.dispose();
      const expected = expectedRun(run);
      const close = (actual: ArrayLike<number> | undefined, wanted: readonly number[]): void =>
        expect(wanted.map((value, i) => Math.abs((actual?.[i] ?? Number.NaN) - value) < 1e-4)).not.toContain(false);
      close(reparameterization?.raw.get('kernel')?.values, expected.raw);
      close(reparameterization?.parameters[0]?.values, [...expected.scores, ...expected.scoreSlot]);
      close(slots[0]?.values, expected.slot);
      close(weights.get('kernel')?.values, expected.effective);
    }),
    { numRuns: 150 },
  );
  expect(tf.memory().numTensors).toBe(before);
});
