import '@tensorflow/tfjs-backend-cpu';
import type { Checkpoint } from '@espalier/core';
import * as trainer from '@espalier/trainer';
import * as transfer from '@espalier/transfer';
import { expect, it } from 'vitest';
import { call, checkpoint, model, right, task, trainingCalls } from './options/training-calls.js';

it.each(Object.keys(trainingCalls))('%s refuses options that are no object, and those it does not know', async name => {
  for (const options of [null, 'options', 5, [], true]) {
    await expect(trainingCalls[name]?.(options), String(options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  }
  for (const key of ['learning_rate', 'constructor', 'toString']) {
    await expect(trainingCalls[name]?.({ [key]: 1 }), key).rejects.toMatchObject({
      code: 'UNKNOWN_OPTION',
      option: key,
    });
  }
});

const wrong: [string, object, string][] = [
  ...['session', 'model', 'batches'].map((key): [string, object, string] => ['train', { [key]: {} }, key]),
  ['train', { session: 'session' }, 'session'],
  ['train', { steps: '5' }, 'steps'],
  ['train', { steps: null }, 'steps'],
  ['train', { loss: 'softmax' }, 'loss'],
  ['train', { evaluation: { every: 1, batches: [] } }, 'evaluation.batches'],
  ['train', { checkpoint: { every: 1, save: 'here' } }, 'checkpoint.save'],
  ['train', { distillation: {} }, 'distillation.teacher'],
  ['train', { distillation: { teacher: model, weight: 2 } }, 'distillation.weight'],
  ['train', { distillation: { teacher: model, temperature: 0 } }, 'distillation.temperature'],
  ['train', { distillation: { teacher: model, features: { layers: 'dense' } } }, 'distillation.features.layers'],
  ['train', { onEvent: {} }, 'onEvent'],
  ['train', { signal: {} }, 'signal'],
  ['evaluate', { loss: 'softmax' }, 'loss'],
  ['evaluate', { metric: {} }, 'metric'],
  ['recalibrateBatchNorm', { momentum: '0.5' }, 'momentum'],
  ['recalibrateBatchNorm', { frozen: true }, 'frozen'],
  ['softmaxCrossEntropy', { labelSmoothing: '0.1' }, 'labelSmoothing'],
  ['saveCheckpoint', { keep: '3' }, 'keep'],
  ['latestCheckpoint', { onWarning: true }, 'onWarning'],
  ['aggregate', { select: 'constructor' }, 'select'],
  ['summarize', { select: 'best' }, 'select'],
  ['fileFeatureCache', { onWarning: 1 }, 'onWarning'],
  ['fileRunStore', { onWarning: 1 }, 'onWarning'],
  ['tfjsExtractor', { featureLayer: 5 }, 'featureLayer'],
  ['tfjsExtractor', { head: 'keep' }, 'head'],
  ['runtimeExtractor', { featureLayer: 5 }, 'featureLayer'],
  ['runtimeExtractor', { head: 'keep' }, 'head'],
  ...['linearProbe', 'fullFinetune'].flatMap((name): [string, object, string][] => [
    [name, { epochs: '1' }, 'epochs'],
    [name, { epochs: null }, 'epochs'],
    [name, { seeds: 1 }, 'seeds'],
    [name, { seeds: [1, 1] }, 'seeds'],
    [name, { dropAfter: [3, '4'] }, 'dropAfter'],
    [name, { momentum: Number.NaN }, 'momentum'],
    [name, { weightDecay: '5e-4' }, 'weightDecay'],
    [name, { learningRate: 0 }, 'learningRate'],
    [name, { normalize: 'imagenet' }, 'normalize'],
    [name, { normalize: { mean: [0.5], std: [0] } }, 'normalize.std[0]'],
    [name, { normalize: { mean: [0.5], std: [1, 1] } }, 'normalize.std'],
    [name, { onEvent: 'log' }, 'onEvent'],
    [name, { signal: 'abort' }, 'signal'],
  ]),
  ['linearProbe', { transform: 224 }, 'transform'],
  ['linearProbe', { cache: {} }, 'cache'],
  ['fullFinetune', { trainTransform: {} }, 'trainTransform'],
  ['fullFinetune', { store: { load: () => {} } }, 'store'],
  ['fullFinetune', { allowDense: 'yes' }, 'allowDense'],
];
it.each(wrong)('%s refuses %j', async (name, options, option) => {
  await expect(trainingCalls[name]?.(options)).rejects.toMatchObject({ code: 'INVALID_OPTION', option });
});

it.each(['evaluation', 'checkpoint'])('train refuses an unknown option within %s', async name => {
  const options = { every: 1, batches: () => [], save: () => {}, evry: 2 };
  const { batches, save, ...rest } = options;
  const nested = name === 'evaluation' ? { ...rest, batches } : { ...rest, save };
  const error = { code: 'UNKNOWN_OPTION', option: `${name}.evry`, suggestion: `${name}.every` };
  await expect(trainingCalls.train?.({ [name]: nested })).rejects.toMatchObject(error);
});

it.each([undefined, null, 'pets', 'constructor', 5, {}, []])(
  '%j is refused for a source and for a task',
  async wrongThing => {
    for (const entry of [transfer.linearProbe, transfer.fullFinetune]) {
      await expect(call(entry, wrongThing, task)).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'source' });
      const error = { code: 'INVALID_OPTION', option: expect.stringMatching(/^task/) };
      await expect(call(entry, model, wrongThing)).rejects.toMatchObject(error);
    }
  },
);

it('undefined means the default everywhere', async () => {
  const nothing = (names: string[]): object => Object.fromEntries(names.map(name => [name, undefined]));
  const both = [
    'seeds',
    'dropAfter',
    'momentum',
    'weightDecay',
    'evaluateEvery',
    'learningRate',
    'normalize',
    'onEvent',
    'signal',
  ];
  const quick = { epochs: 1, batchSize: 4 };
  const linear = { ...nothing([...both, 'transform', 'extractionBatchSize', 'cache']), ...quick };
  expect(await transfer.linearProbe(model, task, linear)).toEqual(await transfer.linearProbe(model, task, quick));
  const full = {
    ...nothing([...both, 'trainTransform', 'testTransform', 'augment', 'store', 'saveEvery', 'onWarning']),
    ...quick,
    allowDense: true,
  };
  const { runs } = await transfer.fullFinetune(model, task, full);
  expect(runs.map(({ seed }) => seed)).toEqual([21, 51, 81]);
  const train = nothing(['maximumSteps', 'loss', 'evaluation', 'checkpoint', 'onEvent', 'signal']);
  expect(await trainer.train({ ...right, ...train })).toMatchObject({ reason: 'finished' });
  const saved = { ...checkpoint } satisfies Checkpoint;
  expect(transfer.summarize([], { select: undefined })).toEqual([]);
  expect(saved.metadata).toEqual({});
});
