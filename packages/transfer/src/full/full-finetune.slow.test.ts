import { encodeCheckpoint } from '@espalier/core';
import { afterwards, guardTensors } from '@espalier/core/testing';
import { toModel } from '@espalier/core/tfjs';
import type { Dataset } from '@espalier/datasets';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { denseUpstream, digitTask, prunedUpstream } from '../../test/digit-tasks.js';
import { memoryStore } from '../../test/memory-store.js';
import type { TransferTask } from '../index.js';
import type { FullFinetuneOptions } from './finetune-options.js';
import { fullFinetune } from './full-finetune.js';

let digits: TransferTask;
beforeAll(async () => {
  await tf.setBackend('wasm');
  digits = await digitTask([5, 6, 7, 8, 9], 320, 100);
  await prunedUpstream();
});
const quick: FullFinetuneOptions = { seeds: [21], epochs: 2, batchSize: 32, learningRate: 0.02 };

describe('a pruned network on real digits that it never saw', () => {
  guardTensors({ beforeEach, afterEach });

  it('transfer T2: learns with its masks bit for bit, under a dense head of the new classes', async () => {
    const upstream = await prunedUpstream();
    const before = encodeCheckpoint(upstream);
    const store = memoryStore();
    const result = await fullFinetune(upstream, digits, { ...quick, epochs: 4, seeds: [21, 51], store });
    expect(result).toMatchObject({ protocol: 'full', task: 'digits-56789' });
    expect(result.final.top1.mean).toBeGreaterThan(0.6); // 0.2 is chance
    expect(result.runs.map(({ history }) => history.length)).toEqual([4, 4]);
    let [masked, entries] = [0, 0];
    for (const seed of [21, 51]) {
      const { masks, weights } = store.saved.get(seed)!.at(-1)!;
      expect([...masks.keys()]).toEqual(['hidden1/kernel', 'hidden2/kernel']);
      for (const [name, mask] of masks) {
        expect(Buffer.compare(mask, upstream.masks.get(name)!)).toBe(0);
        expect(weights.get(name)!.values.every((value, i) => mask[i] === 1 || value === 0)).toBe(true);
        expect(weights.get(name)!.values).not.toEqual(upstream.weights.get(name)!.values);
        masked += mask.filter(bit => bit === 0).length;
        entries += mask.length;
      }
      expect(weights.get('transfer_head/kernel')!.shape).toEqual([100, 5]);
      expect(weights.get('transfer_head/kernel')!.values.every(value => value !== 0)).toBe(true);
      expect(weights.has('logits/kernel')).toBe(false);
    }
    expect(result.sparsity).toBe(masked / entries);
    expect(result.sparsity).toBeGreaterThan(0.75);
    expect(Buffer.compare(encodeCheckpoint(upstream), before)).toBe(0);
    expect(afterwards(await toModel(store.saved.get(21)!.at(-1)!)).outputShape).toEqual([null, 5]);
  });

  it('goes on from an abort in mid-epoch, bit for bit', async () => {
    const upstream = await prunedUpstream();
    const [whole, cut] = [memoryStore(), memoryStore()];
    const expected = await fullFinetune(upstream, digits, { ...quick, store: whole });
    const controller = new AbortController();
    let looks = 0;
    // Ten steps an epoch. The first look at a label of step 15 aborts the run.
    const { train } = digits;
    const label = (index: number): number => {
      if (++looks === 14 * 32 + 1) controller.abort(new Error('cut'));
      return train.label(index);
    };
    const watched = { ...digits, train: { ...(train as Dataset), label } };
    const { signal } = controller;
    await expect(fullFinetune(upstream, watched, { ...quick, store: cut, signal })).rejects.toThrow('cut');
    expect(cut.saved.get(21)!.at(-1)!.clock.step).toBe(15);
    expect(await fullFinetune(upstream, digits, { ...quick, store: cut })).toEqual(expected);
    const [a, b] = [whole, cut].map(({ saved }) => encodeCheckpoint(saved.get(21)!.at(-1)!));
    expect(Buffer.compare(a!, b!)).toBe(0);
  });

  it('does not run a finished run again', async () => {
    const store = memoryStore();
    const upstream = await prunedUpstream();
    const expected = await fullFinetune(upstream, digits, { ...quick, epochs: 1, store });
    const onEvent = vi.fn();
    expect(await fullFinetune(upstream, digits, { ...quick, epochs: 1, store, onEvent })).toEqual(expected);
    expect(onEvent).not.toHaveBeenCalled();
  });

  it('refuses to go on with other settings, and a stored run whose masks are not those of the checkpoint', async () => {
    const store = memoryStore();
    const upstream = await prunedUpstream();
    await fullFinetune(upstream, digits, { ...quick, epochs: 1, store });
    const longer = fullFinetune(upstream, digits, { ...quick, epochs: 2, store });
    await expect(longer).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
    const [last] = store.saved.get(21)!;
    const mask = last!.masks.get('hidden2/kernel')!.slice();
    mask[mask.indexOf(0)] = 1;
    const masks = new Map([...last!.masks, ['hidden2/kernel', mask]]);
    const tampered = { ...store, load: async () => ({ ...last!, masks }) };
    const run = fullFinetune(upstream, digits, { ...quick, epochs: 1, store: tampered });
    await expect(run).rejects.toMatchObject({ code: 'MASKS_CHANGED', weight: 'hidden2/kernel', seed: 21 });
  });

  it('refuses a dense network, and warns once where it is allowed', async () => {
    const dense = await denseUpstream();
    const settings = { ...quick, epochs: 1, seeds: [21, 51] };
    await expect(fullFinetune(dense, digits, settings)).rejects.toMatchObject({ code: 'DENSE_CHECKPOINT' });
    const onWarning = vi.fn();
    expect((await fullFinetune(dense, digits, { ...settings, allowDense: true, onWarning })).sparsity).toBe(0);
    expect(onWarning).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'DENSE_CHECKPOINT' }));
  });
});
