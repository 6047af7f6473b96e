import { type Checkpoint, countOnes, decodeCheckpoint, encodeCheckpoint } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { softThreshold } from '@espalier/prune-str';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fullFinetune, linearProbe, type TransferTask } from '../src/index.js';
import { digitTask, upstreamOf } from './digit-tasks.js';
import { memoryStore } from './memory-store.js';

let digits: TransferTask;
beforeAll(async () => {
  await tf.setBackend('wasm');
  digits = await digitTask([5, 6, 7, 8, 9], 320, 100);
});
guardTensors({ beforeEach, afterEach });

describe.each([
  { name: 'that was baked', end: 24, baked: true },
  { name: 'whose thresholds still act', end: 40, baked: false },
])('a checkpoint of STR $name', ({ end, baked }) => {
  const upstream = async (): Promise<Checkpoint> => {
    const method = softThreshold({ end, initialThreshold: -4, thresholdDecay: 5e-3 });
    const checkpoint = await upstreamOf(method, 30);
    expect(checkpoint.reparameterization === undefined).toBe(baked);
    return decodeCheckpoint(encodeCheckpoint(checkpoint)); // as it would be read from a file
  };

  it('transfers by both protocols, and its zeros stay the masks of full fine-tuning', async () => {
    const checkpoint = await upstream();
    const probe = await linearProbe(checkpoint, digits, { epochs: 5, seeds: [21] });
    expect(probe.final.top1.mean).toBeGreaterThan(0.45); // 0.2 is chance; measured: 0.65 baked, 0.64 acting

    const store = memoryStore();
    const settings = { seeds: [21], epochs: 2, batchSize: 32, learningRate: 0.02, store };
    const { sparsity, final } = await fullFinetune(checkpoint, digits, settings);
    expect(final.top1.mean).toBeGreaterThan(0.55); // measured: 0.73 and 0.72
    const { masks, weights } = store.saved.get(21)!.at(-1)!;
    expect([...masks.keys()]).toEqual(['hidden1/kernel', 'hidden2/kernel']);
    let [active, entries] = [0, 0];
    for (const [name, mask] of masks) {
      const before = checkpoint.weights.get(name)!.values;
      const after = weights.get(name)!.values;
      expect(mask).toEqual(Uint8Array.from(before, value => (value === 0 ? 0 : 1)));
      expect(after.every((value, i) => mask[i] === 1 || value === 0)).toBe(true);
      expect(after).not.toEqual(before);
      [active, entries] = [active + countOnes(mask), entries + mask.length];
    }
    expect(sparsity).toBeCloseTo(1 - active / entries, 12);
    expect(sparsity).toBeGreaterThan(0.2); // measured: 0.31 and 0.35
  }, 300_000);
});
