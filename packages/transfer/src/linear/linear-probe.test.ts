import { afterwards, guardTensors } from '@espalier/core/testing';
import { toModel } from '@espalier/core/tfjs';
import { smallConvNet } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digitTask, prunedUpstream } from '../../test/digit-tasks.js';
import type { FeatureExtractor, TransferTask } from '../index.js';
import { studyResults } from '../training/result.js';
import { linearProbe } from './linear-probe.js';
import type { LinearProbeEvent } from './probe-options.js';

let task: TransferTask;
beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  task = await digitTask([5, 6, 7, 8, 9], 400, 200);
  await prunedUpstream();
});

describe('on real digits that the pruned upstream network never saw', () => {
  guardTensors({ beforeEach, afterEach });

  it('learns from frozen features, reports both metrics of every seed, the last epoch and the best apart', async () => {
    const events: LinearProbeEvent[] = [];
    const onEvent = (event: LinearProbeEvent): void => void events.push(event);
    const result = await linearProbe(await prunedUpstream(), task, {
      epochs: 20,
      dropAfter: [10],
      seeds: [21, 51],
      onEvent,
    });
    expect(result).toMatchObject({ protocol: 'linear', task: 'digits-56789', metric: 'top-1' });
    expect(result.final.top1.mean).toBeGreaterThan(0.5); // 0.2 is chance; 140 steps at the study's rate give 0.65
    expect(result.runs.map(({ seed }) => seed)).toEqual([21, 51]);
    for (const { final, bestOnTest, history } of result.runs) {
      expect(history).toHaveLength(20);
      expect(final).toBe(history.at(-1));
      expect(bestOnTest.top1).toBe(Math.max(...history.map(({ top1 }) => top1)));
    }
    const [a, b] = result.runs.map(({ final }) => final.meanPerClass);
    expect(result.final.meanPerClass.mean).toBeCloseTo((a! + b!) / 2, 12);
    expect(result.final.meanPerClass.deviation).toBeCloseTo(Math.abs(a! - b!) / Math.SQRT2, 12);
    expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(40);
    expect(events.filter(event => event.type === 'features').at(-1)).toMatchObject({
      part: 'test',
      done: 200,
      total: 200,
    });
    expect(studyResults(result, { method: 'magnitude', sparsity: 0.8 })[1]).toEqual({
      method: 'magnitude',
      sparsity: 0.8,
      task: 'digits-56789',
      protocol: 'linear',
      seed: 51,
      final: result.runs[1]!.final.top1,
      bestOnTest: result.runs[1]!.bestOnTest.top1,
    });
  });

  it('gives the same numbers again, and for the model as for its checkpoint', async () => {
    const checkpoint = await prunedUpstream();
    const options = { epochs: 3, seeds: [81] };
    const first = await linearProbe(checkpoint, task, options);
    expect(await linearProbe(afterwards(await toModel(checkpoint)), task, options)).toEqual(first);
  });

  it('takes features from an extractor of your own', async () => {
    const sizes: number[] = [];
    const extractor: FeatureExtractor = {
      inputShape: [28, 28, 1],
      dimension: 2,
      identity: async () => 'two pixels',
      extract: async ({ images, size }) => {
        sizes.push(size);
        return Float32Array.from({ length: 2 * size }, (_, i) => images[(i >> 1) * 784 + 400 + (i & 1)]!);
      },
    };
    const { runs } = await linearProbe(extractor, task, { epochs: 1, seeds: [1], extractionBatchSize: 150 });
    expect(runs[0]!.history).toHaveLength(1);
    expect(sizes).toEqual([150, 150, 100, 150, 50]);
  });

  it('transfer T4: leaves moving statistics and all other weights of a model as they are, bit for bit', async () => {
    const model = afterwards(smallConvNet({ seed: 3 }));
    const read = (): number[][] =>
      model.getWeights().map(weight => [...new Uint32Array(weight.dataSync().slice().buffer)]);
    const before = read();
    expect(model.weights.some(({ name }) => name.includes('moving_variance'))).toBe(true);
    await linearProbe(model, await digitTask([0, 1], 64, 32), { epochs: 2, seeds: [1] });
    expect(read()).toEqual(before);
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const onEvent = ({ type }: LinearProbeEvent): void => {
      if (type === 'epoch') controller.abort(new Error('enough'));
    };
    const run = linearProbe(await prunedUpstream(), task, { epochs: 50, signal: controller.signal, onEvent });
    await expect(run).rejects.toThrow('enough');
  });

  it('refuses impossible settings before it looks at an image', async () => {
    const extractor: FeatureExtractor = {
      inputShape: [28, 28, 1],
      dimension: 2,
      identity: async () => '',
      extract: () => Promise.reject(new Error('looked')),
    };
    for (const [option, value] of Object.entries({
      learningRate: 0,
      dropAfter: [-1],
      momentum: -1,
      weightDecay: NaN,
    })) {
      await expect(linearProbe(extractor, task, { [option]: value })).rejects.toMatchObject({ option });
    }
  });

  it('refuses impossible settings and tasks', async () => {
    const checkpoint = await prunedUpstream();
    const refused = (options: object, option: string, other: Partial<TransferTask> = {}): Promise<void> =>
      expect(linearProbe(checkpoint, { ...task, ...other }, options)).rejects.toMatchObject({ option });
    await refused({ epochs: 0 }, 'epochs');
    await refused({ seeds: [] }, 'seeds');
    await refused({ seeds: [1, 1] }, 'seeds');
    await refused({ learningRate: 0 }, 'learningRate');
    await refused({ dropAfter: [5, 5] }, 'dropAfter');
    await refused({ momentum: 1 }, 'momentum');
    await refused({ weightDecay: -1 }, 'weightDecay');
    await refused({}, 'task.test.classes', { test: (await digitTask([0, 1], 10, 10)).test });
    await expect(linearProbe({ ...checkpoint, model: null }, task)).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
    });
  });
});
