import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, namedNormalization, withNormalization } from '@espalier/core';
import { digitsNormalization, imagenetNormalization, mnistNormalization, syntheticSplit } from '@espalier/datasets';
import { loadDataset } from '@espalier/datasets/node';
import type { TransferTask } from '@espalier/transfer';
import { expect, it } from 'vitest';
import { checkpointOf, tiny } from '../../test/checkpoint-of.js';
import {
  type ChosenNormalization,
  chooseNormalization,
  dataNormalization,
  guessedNormalization,
} from './normalization.js';

const task: TransferTask = {
  name: 'gray',
  metric: 'top-1',
  ...syntheticSplit({ trainSize: 4, testSize: 4, shape: [5, 5, 1], classes: 2 }),
  normalization: { mean: [0.25], std: [0.5] },
};
const otherwise = guessedNormalization(task, 1);
const choose = (checkpoint: Checkpoint, option?: string): Promise<ChosenNormalization> =>
  chooseNormalization({ checkpoint, option, channels: 1, otherwise });
const trainedOn = (checkpoint: Checkpoint, dataset: string): Checkpoint => ({
  ...checkpoint,
  metadata: { recipe: { dataset } },
});

it('takes the option before what the network carries, and that before the dataset it was trained on', async () => {
  const checkpoint = trainedOn(await checkpointOf(tiny()), 'mnist');
  const metadata = withNormalization(checkpoint.metadata, namedNormalization('minus-one-to-one'));
  const carrying = { ...checkpoint, metadata };
  expect(await choose(carrying, '0.1/0.2')).toMatchObject({ of: '0.1/0.2', mean: [0.1], std: [0.2], from: 'option' });
  expect(await choose(carrying)).toMatchObject({ of: 'minus-one-to-one', mean: [0.5], from: 'network' });
  expect(await choose(checkpoint)).toMatchObject({
    of: 'mnist',
    ...mnistNormalization,
    from: 'dataset of the training',
  });
});

it('normalizes as the training that the checkpoint names did', async () => {
  const checkpoint = await checkpointOf(tiny());
  expect(await choose(trainedOn(checkpoint, 'digits'))).toMatchObject({ of: 'digits', ...digitsNormalization });
  const { normalization } = await loadDataset('synthetic');
  expect(await choose(trainedOn(checkpoint, 'synthetic'))).toMatchObject({ of: 'synthetic', ...normalization });
  expect(await choose(trainedOn(checkpoint, 'constructor'))).toEqual(otherwise);
});

it('guesses for others, and says that it does: ImageNet for colors, the task itself for gray', async () => {
  expect(guessedNormalization(task, 3)).toMatchObject({ of: 'imagenet', ...imagenetNormalization, from: 'guess' });
  const gray = await choose(await checkpointOf(tiny()));
  expect(gray).toMatchObject({ of: 'gray', mean: [0.25], std: [0.5], from: 'guess' });
  expect(gray.why).toContain('--normalization');
});

it('gives every channel of gray images that become colored the same numbers', () => {
  expect(dataNormalization(task, 3)).toMatchObject({ of: 'gray', mean: [0.25, 0.25, 0.25], std: [0.5, 0.5, 0.5] });
});

it.each(['imagnet', 'imagenet', '1/2/3'])('refuses --normalization %s for gray images as bad usage', async option => {
  const checkpoint = await checkpointOf(tiny());
  await expect(choose(checkpoint, option)).rejects.toMatchObject({ code: 'USAGE' });
});
