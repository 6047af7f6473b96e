import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { softThreshold } from '../../test/toys/toy-hooks.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { disposeOptimizer } from './optimizer/dispose-optimizer.js';
import { PruningSession } from './session/session.js';
import { weightsOf } from './weights/weights-of.js';

beforeAll(() => tf.setBackend('cpu'));

const size = 5;
const number = fc.integer({ min: -2048, max: 2048 }).map(value => value / 1024);
// between any two of the numbers
const level = fc.integer({ min: -2048, max: 2047 }).map(value => (value + 0.5) / 1024);
const numbers = fc.array(number, { minLength: size, maxLength: size });
const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: size, maxLength: size });
const runs = fc.record({
  start: numbers,
  steps: fc.array(fc.record({ gradient: numbers, mask: fc.option(bits), threshold: fc.option(level) }), {
    minLength: 1,
    maxLength: 6,
  }),
  threshold: level,
  decay: fc.constantFrom(0, 0.1),
  masking: fc.constantFrom('raw' as const, 'effective' as const),
});

/** Soft thresholding under masked momentum, entry by entry in double precision. */
function expectedRun({
  start,
  steps,
  threshold,
  decay,
  masking,
}: typeof runs extends fc.Arbitrary<infer R> ? R : never) {
  const rate = 0.125;
  const momentum = 0.5;
  let raw = [...start];
  let slot = raw.map(() => 0);
  let [t, tSlot] = [threshold, 0];
  let mask = raw.map(() => 1);
  for (const step of steps) {
    const on = (i: number): boolean => masking === 'effective' || mask[i] === 1;
    const gradient = step.gradient.map((g, i) => (on(i) && Math.abs(raw[i]!) > t ? g : 0));
    const tGradient = -gradient.reduce((sum, g, i) => sum + Math.sign(raw[i]!) * g, 0) + decay * t;
    slot = slot.map((v, i) => (on(i) ? momentum * v + gradient[i]! + decay * raw[i]! : 0));
    raw = raw.map((w, i) => w - rate * slot[i]!);
    tSlot = momentum * tSlot + tGradient;
    t -= rate * tSlot;
    mask = step.mask ?? mask;
    t = step.threshold ?? t;
    if (masking === 'raw') {
      raw = raw.map((w, i) => (mask[i] ? w : 0));
      slot = slot.map((v, i) => (mask[i] ? v : 0));
    }
  }
  const effective = raw.map((w, i) => (mask[i] ? Math.sign(w) * Math.max(Math.abs(w) - t, 0) : 0));
  return { raw, slot, threshold: t, effective };
}

it('equals soft thresholding computed entry by entry, whatever is masked and set when', async () => {
  const before = tf.memory().numTensors;
  await fc.assert(
    fc.asyncProperty(runs, async run => {
      // Away from the kink, where rounding decides on which side an entry lies.
      const { steps, start, threshold, decay, masking } = run;
      fc.pre(awayFromKinks(run));
      const kernel = tf.tidy(() => tf.variable(tf.tensor2d(start, [1, size])));
      const optimizer = tf.train.momentum(0.125, 0.5);
      const method: PruningMethod = {
        specification: 'v1',
        name: 'property',
        citation: 'none',
        options: {},
        reparameterization: { ...softThreshold(threshold, decay), masking },
        start: () => ({ state: null }),
        plan: () => ({ observe: { kind: 'clock' } }),
        decide: ({ clock }) => {
          const { mask, threshold: set } = steps[clock.position]!;
          return {
            state: null,
            ...(mask ? { masks: new Map([['kernel', Uint8Array.from(mask)]]) } : {}),
            ...(set === null ? {} : { parameters: new Map([['kernel', { threshold: set }]]) }),
          };
        },
      };
      const session = await PruningSession.start(method, {
        weights: weightsOf({ kernel }),
        optimizer,
        weightDecay: decay,
      });
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
      close(reparameterization?.parameters[0]?.values, [expected.threshold]);
      close(slots[0]?.values, expected.slot);
      close(weights.get('kernel')?.values, expected.effective);
    }),
    { numRuns: 150 },
  );
  expect(tf.memory().numTensors).toBe(before);
});

/** Whether no raw weight comes near a kink: the threshold, or, where that is negative, 0, at which the sign jumps. */
function awayFromKinks(run: Parameters<typeof expectedRun>[0]): boolean {
  return [...run.steps, 'end'].every((_, count) => {
    const { raw, threshold } = expectedRun({ ...run, steps: run.steps.slice(0, count) });
    const nearSign = (w: number): boolean => threshold < 0 && w !== 0 && Math.abs(w) < 1e-4;
    return raw.every(w => Math.abs(Math.abs(w) - threshold) > 1e-4 && !nearSign(w));
  });
}
