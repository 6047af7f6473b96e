import '@tensorflow/tfjs-backend-cpu';
import { digitsNormalisation, imagenetNormalisation, mnistNormalisation, syntheticSplit } from '@espalier/datasets';
import { loadDataset } from '@espalier/datasets/node';
import type { TransferTask } from '@espalier/transfer';
import { expect, it } from 'vitest';
import { checkpointOf, tiny } from '../testing.js';
import { taskNormalisation, upstreamNormalisation } from './upstream-normalisation.js';

const task: TransferTask = {
  ...{ name: 'grey', metric: 'top-1' },
  ...syntheticSplit({ trainSize: 4, testSize: 4, shape: [5, 5, 1], classes: 2 }),
  normalisation: { mean: [0.25], std: [0.5] },
};

it('normalises as the training that the checkpoint names did, and says whose numbers these are', async () => {
  const checkpoint = await checkpointOf(tiny());
  const of = (dataset: string): ReturnType<typeof upstreamNormalisation> =>
    upstreamNormalisation({ ...checkpoint, metadata: { recipe: { dataset } } }, task, 1);
  expect(await of('mnist')).toEqual({ of: 'mnist', ...mnistNormalisation });
  expect(await of('digits')).toEqual({ of: 'digits', ...digitsNormalisation });
  expect(await of('synthetic')).toEqual({ of: 'synthetic', ...(await loadDataset('synthetic')).normalisation });
});

it('guesses for others: ImageNet for colours, the task itself for grey', async () => {
  const checkpoint = await checkpointOf(tiny());
  expect(await upstreamNormalisation(checkpoint, task, 3)).toEqual({ of: 'imagenet', ...imagenetNormalisation });
  expect(await upstreamNormalisation(checkpoint, task, 1)).toEqual({ of: 'grey', mean: [0.25], std: [0.5] });
});

it('gives every channel of grey images that become coloured the same numbers', () => {
  expect(taskNormalisation(task, 3)).toEqual({ of: 'grey', mean: [0.25, 0.25, 0.25], std: [0.5, 0.5, 0.5] });
});
