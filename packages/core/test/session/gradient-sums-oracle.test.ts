import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/index.js';
import { CheckpointMismatchError } from '../../src/errors/index.js';
import { type GradientSum, gradientSums } from '../../src/method/gradient-sum.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import type { StepView } from '../../src/method/step.js';
import { readWeights } from '../../src/testing/contract/run/compare.js';
import { toyModel } from '../../src/testing/toy-model.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { PruningSession } from '../../src/tfjs/session/session.js';
import { summingToy } from '../toys/toy-summing-method.js';
import { scripted, useRig } from './rig.js';

useRig();

type Begin = (...rest: Parameters<typeof PruningSession.start>) => Promise<PruningSession>;

/** So many steps of a session on a toy model of its own, and what was looked at before each. */
async function run<Seen>(
  method: PruningMethod,
  steps: number,
  look: (session: PruningSession, weights: ReadonlyMap<string, Float32Array>) => Promise<Seen> | Seen,
  begin: Begin = PruningSession.start,
): Promise<[Seen[], Checkpoint]> {
  const model = toyModel();
  const optimizer = tf.train.adam(0.01);
  const session = await begin(method, { weights: model.weights, optimizer, weightDecay: 0.01 });
  const seen: Seen[] = [];
  for (let i = 0; i < steps; i++) {
    seen.push(await look(session, await readWeights(model.weights)));
    await session.step(model.loss);
  }
  const checkpoint = await session.checkpoint();
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  return [seen, checkpoint];
}

const termOf: Readonly<Record<GradientSum, (g: number, w: number) => number>> = {
  gradient: g => g,
  absoluteGradient: g => Math.abs(g),
  squaredGradient: g => Math.fround(g * g),
  gradientTimesWeight: (g, w) => Math.fround(g * w),
};

describe.each(['cpu', 'wasm'])('on %s sums of gradients', backend => {
  beforeAll(() => tf.setBackend(backend));

  it('equal, bit for bit, sums in 32 bits of gradients that are read at each step', async () => {
    const views: StepView[] = [];
    const reading = scripted({
      plan: () => ({ observe: { kind: 'gradients' } }),
      decide: view => {
        views.push(view);
        return { state: null };
      },
    });
    const [weights] = await run(reading, 7, (_, before) => before);
    const shown: StepView[] = [];
    const summing = scripted({
      plan: ({ position }) =>
        position === 6
          ? { accumulate: gradientSums, observe: { kind: 'clock', sums: true } }
          : { accumulate: gradientSums },
      decide: view => {
        shown.push(view);
        return { state: null };
      },
    });
    await run(summing, 7, () => null);
    for (const [place, { name, size, sums }] of shown[0]!.layers.entries()) {
      for (const kind of gradientSums) {
        const expected = new Float32Array(size);
        views.forEach(({ layers }, step) => {
          layers[place]!.gradient!.forEach((g, i) => {
            expected[i]! += termOf[kind](g, weights[step]!.get(name)![i]!);
          });
        });
        expect(expected.some(sum => sum !== 0)).toBe(true);
        expect(sums?.[kind], `${kind} of ${name}`).toEqual(expected);
      }
    }
  });

  it('are in checkpoints, and a resumed run ends in the same bytes as one that was never cut', async () => {
    const method = (): PruningMethod => summingToy() as unknown as PruningMethod;
    const [, whole] = await run(method(), 10, () => null);
    expect(whole.sums?.map(({ kind, steps }) => [kind, steps])).toEqual([
      ['absoluteGradient', 3],
      ['gradientTimesWeight', 3],
    ]);
    for (const cut of [1, 4, 5, 9]) {
      const [, part] = await run(method(), cut, () => null);
      const bytes = encodeCheckpoint(part);
      const [, resumed] = await run(
        method(),
        10 - cut,
        () => null,
        (...rest) => PruningSession.resume(...rest, decodeCheckpoint(bytes)),
      );
      expect(Buffer.compare(encodeCheckpoint(resumed), encodeCheckpoint(whole)), `cut after step ${cut}`).toBe(0);
    }
  });
});

describe('a checkpoint with sums', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const method = (): PruningMethod => summingToy() as unknown as PruningMethod;
  const resume = (checkpoint: Checkpoint): Promise<unknown> =>
    run(
      method(),
      0,
      () => null,
      (...rest) => PruningSession.resume(...rest, checkpoint),
    );

  it('is not resumed if a sum is of another shape, or of a weight that is not prunable', async () => {
    const before = tf.memory().numTensors;
    const [, checkpoint] = await run(method(), 3, () => null);
    const [sum] = checkpoint.sums!;
    const bias = checkpoint.weights.get('hidden/bias')!;
    const changed = (name: string, shape: readonly number[], values: Float32Array): Checkpoint => ({
      ...checkpoint,
      sums: [{ ...sum!, weights: new Map([[name, { shape, values }]]) }],
    });
    for (const other of [
      changed('hidden/bias', bias.shape, bias.values),
      changed('hidden/kernel', [8, 6], new Float32Array(48)),
    ]) {
      const model = toyModel();
      const optimizer = tf.train.adam(0.01);
      await expect(PruningSession.resume(method(), { weights: model.weights, optimizer }, other)).rejects.toThrow(
        CheckpointMismatchError,
      );
      disposeOptimizer(optimizer);
      model.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
    await expect(resume(checkpoint)).resolves.toBeDefined();
  });
});
