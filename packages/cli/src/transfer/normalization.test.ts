import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, namedNormalization, withNormalization } from '@espalier/core';
import { digitsNormalisation, imagenetNormalisation, mnistNormalisation, syntheticSplit } from '@espalier/datasets';
import { loadDataset } from '@espalier/datasets/node';
import type { TransferTask } from '@espalier/transfer';
import { expect, it } from 'vitest';
import { checkpointOf, tiny } from '../testing.js';
import {
  type ChosenNormalization,
  chooseNormalization,
  dataNormalization,
  guessedNormalization,
} from './normalization.js';

const task: TransferTask = {
  ...{ name: 'grey', metric: 'top-1' },
  ...syntheticSplit({ trainSize: 4, testSize: 4, shape: [5, 5, 1], classes: 2 }),
  normalisation: { mean: [0.25], std: [0.5] },
};
const otherwise = guessedNormalization(task, 1);
const choose = (checkpoint: Checkpoint, option?: string): Promise<ChosenNormalization> =>
  chooseNormalization({ checkpoint, option, channels: 1, otherwise });
const trainedOn = (checkpoint: Checkpoint, dataset: string): Checkpoint => ({
  ...checkpoint,
  metadata: { recipe: { dataset } },
});

it('takes the option before what the network carries, and that before the data set it was trained on', async () => {
  const checkpoint = trainedOn(await checkpointOf(tiny()), 'mnist');
  const metadata = withNormalization(checkpoint.metadata, namedNormalization('minus-one-to-one'));
  const carrying = { ...checkpoint, metadata };
  expect(await choose(carrying, '0.1/0.2')).toMatchObject({ of: '0.1/0.2', mean: [0.1], std: [0.2], from: 'option' });
  expect(await choose(carrying)).toMatchObject({ of: 'minus-one-to-one', mean: [0.5], from: 'network' });
  expect(await choose(checkpoint)).toMatchObject({
    of: 'mnist',
    ...mnistNormalisation,
    from: 'data set of the training',
  });
});

it('normalizes as the training that the checkpoint names did', async () => {
  const checkpoint = await checkpointOf(tiny());
  expect(await choose(trainedOn(checkpoint, 'digits'))).toMatchObject({ of: 'digits', ...digitsNormalisation });
  const { normalisation } = await loadDataset('synthetic');
  expect(await choose(trainedOn(checkpoint, 'synthetic'))).toMatchObject({ of: 'synthetic', ...normalisation });
  expect(await choose(trainedOn(checkpoint, 'constructor'))).toEqual(otherwise);
});

it('guesses for others, and says that it does: ImageNet for colours, the task itself for grey', async () => {
  expect(guessedNormalization(task, 3)).toMatchObject({ of: 'imagenet', ...imagenetNormalisation, from: 'guess' });
  const grey = await choose(await checkpointOf(tiny()));
  expect(grey).toMatchObject({ of: 'grey', mean: [0.25], std: [0.5], from: 'guess' });
  expect(grey.why).toContain('--normalization');
});

it('gives every channel of grey images that become coloured the same numbers', () => {
  expect(dataNormalization(task, 3)).toMatchObject({ of: 'grey', mean: [0.25, 0.25, 0.25], std: [0.5, 0.5, 0.5] });
});

it.each(['imagnet', 'imagenet', '1/2/3'])('refuses --normalization %s for grey images as bad usage', async option => {
  const checkpoint = await checkpointOf(tiny());
  await expect(choose(checkpoint, option)).rejects.toMatchObject({ code: 'USAGE' });
});
