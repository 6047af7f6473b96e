import { countOnes, keptCount, nOfM } from '@espalier/core';
import { type ToyModel, toyModel } from '@espalier/core/testing';
import { disposeOptimizer, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { type AcdcOptions, acdc } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

// D0-3 S4-6 D7-8 S9-11 D12-13 S14-16.
const phases = { total: 17, warmup: 4, sparse: 3, dense: 2 };
const momentum = (): tf.Optimizer => tf.train.momentum(0.1, 0.9);
const sparseAt = (position: number): boolean => [4, 5, 6, 9, 10, 11].includes(position) || position >= 14;

async function read({ weights }: ToyModel): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  for (const { name, variable } of weights) values.set(name, [...(await variable.data())]);
  return values;
}

/** A whole run; `look` sees the session after each step, when the clock already shows the next position. */
async function run(
  options: Partial<AcdcOptions>,
  makeOptimizer: () => tf.Optimizer,
  look: (session: PruningSession<'dense' | 'sparse'>, model: ToyModel) => Promise<void>,
): Promise<void> {
  const before = tf.memory().numTensors;
  const model = toyModel();
  const learningRate = (position: number): number => 0.1 / (1 + position);
  const optimizer = makeOptimizer();
  const { weights } = model;
  const session = await PruningSession.start(acdc({ sparsity: 0.75, phases, ...options }), {
    weights,
    optimizer,
    learningRate,
    weightDecay: 0.01,
  });
  while (session.clock.position < phases.total) {
    await session.step(model.loss);
    await look(session, model);
  }
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

describe('acdc in a session', () => {
  it('acdc A3: holds the sparsity and exact zeros in sparse phases, and masks of ones in dense phases', async () => {
    await run({}, momentum, async (session, model) => {
      const sparse = sparseAt(session.clock.position);
      expect(session.phase).toBe(sparse ? 'sparse' : 'dense');
      const active = [...session.masks.values()].reduce((sum, mask) => sum + countOnes(mask), 0);
      expect(active).toBe(sparse ? keptCount(72, 0.75) : 72); // 6·8 + 8·3 entries, 18 stay
      const values = await read(model);
      for (const [name, mask] of session.masks) {
        const masked = (values.get(name) ?? []).filter((_, index) => !mask[index]);
        expect(masked).toEqual(masked.map(() => 0));
      }
    });
  });

  it('acdc A6: ends at its sparsity', async () => {
    let sparsity = 0;
    await run({}, momentum, async session => {
      sparsity = session.sparsity;
    });
    expect(sparsity).toBe(0.75);
  });

  it.each([
    ['momentum', momentum, []],
    ['Adam', () => tf.train.adam(0.01), [0.9, 0.999]], // β₁ and β₂, as before the first step
  ])(
    'acdc A4: at decompression what was masked is exactly 0, and all slots of all weights are 0 with %s',
    async (_, make, powers) => {
      let before: ReadonlyMap<string, Uint8Array> = new Map();
      let decompressions = 0;
      await run({}, make, async (session, model) => {
        const { position } = session.clock;
        if (position === 7 || position === 12) {
          decompressions++;
          const values = await read(model);
          const wasMasked = [...before].flatMap(([name, mask]) =>
            [...mask].flatMap((bit, i) => (bit ? [] : [values.get(name)?.[i]])),
          );
          expect(wasMasked).toEqual(new Array(54).fill(0));
          const { slots, optimizer } = await session.checkpoint();
          expect(new Set(slots.map(({ weight }) => weight)).size).toBe(4); // kernels and biases
          expect(slots.every(slot => slot.values.every(value => value === 0))).toBe(true);
          expect(optimizer?.powers).toEqual(powers.map(Math.fround));
        }
        before = new Map([...session.masks].map(([name, mask]) => [name, mask.slice()]));
      });
      expect(decompressions).toBe(2);
    },
  );

  it('keeps the slots of active weights when it compresses', async () => {
    let compressions = 0;
    await run({}, momentum, async session => {
      if (session.clock.position !== 9) return;
      compressions++;
      const { slots, masks } = await session.checkpoint();
      const kept = slots.flatMap(({ weight, values }) => [...values].filter((_, i) => masks.get(weight)?.[i]));
      expect(kept.filter(value => value !== 0).length).toBeGreaterThan(9);
    });
    expect(compressions).toBe(1);
  });

  it('acdc A7: compression leaves active weights and biases as the dense twin has them', async () => {
    let looked = false;
    await run({}, momentum, async (session, model) => {
      if (session.clock.position !== 14) return;
      looked = true;
      const { snapshots } = await session.checkpoint();
      const values = await read(model);
      for (const [name, twin] of snapshots.get('dense-twin')?.weights ?? []) {
        const mask = session.masks.get(name);
        expect(values.get(name)).toEqual([...twin.values].map((value, i) => (mask && !mask[i] ? 0 : value)));
      }
      expect(snapshots.get('dense-twin')?.position).toBe(14);
    });
    expect(looked).toBe(true);
  });

  it('acdc A8: phases do not touch the learning rate', async () => {
    await run({}, momentum, async session => {
      expect(session.learningRate).toBe(0.1 / (1 + session.clock.position));
    });
  });

  it('ends with one of every two inputs kept with the structure 1:2', async () => {
    await run({ sparsity: 0.5, structure: nOfM(1, 2) }, momentum, async session => {
      if (session.clock.position < phases.total) return;
      for (const [name, outputs] of Object.entries({ 'hidden/kernel': 8, 'head/kernel': 3 })) {
        const mask = session.masks.get(name) ?? new Uint8Array();
        for (let i = 0; i < mask.length; i += 2 * outputs) {
          for (let o = i; o < i + outputs; o++) expect((mask[o] ?? 0) + (mask[o + outputs] ?? 0)).toBe(1);
        }
      }
      expect(session.sparsity).toBe(0.5);
    });
  });
});
