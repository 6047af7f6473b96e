import type { Checkpoint } from '@espalier/core';
import {
  cifar10Normalisation,
  digitsNormalisation,
  imagenetNormalisation,
  mnistNormalisation,
  type Normalisation,
} from '@espalier/datasets';
import { loadDataset } from '@espalier/datasets/node';
import type { TransferTask } from '@espalier/transfer';
import { storedDataset } from '../recipe/stored-dataset.js';

/** A normalisation and whose it is. */
export interface NamedNormalisation extends Normalisation {
  /** Name of the data set or task. */
  readonly of: string;
}

const known: Readonly<Record<string, Normalisation>> = {
  digits: digitsNormalisation,
  mnist: mnistNormalisation,
  cifar10: cifar10Normalisation,
};

/** What images have to be normalised with for a frozen network: as in its training, which the checkpoint names, or else a guess. */
export async function upstreamNormalisation(
  checkpoint: Checkpoint,
  task: TransferTask,
  channels: number,
): Promise<NamedNormalisation> {
  const name = await storedDataset(checkpoint);
  if (name === 'synthetic') return { of: name, ...(await loadDataset(name)).normalisation };
  const own = name === undefined || !Object.hasOwn(known, name) ? undefined : known[name];
  if (name !== undefined && own !== undefined) return { of: name, ...own };
  return channels === 3 ? { of: 'imagenet', ...imagenetNormalisation } : taskNormalisation(task, channels);
}

/** The task's own; grey images that become coloured have the same numbers in every channel. */
export function taskNormalisation({ name, normalisation }: TransferTask, channels: number): NamedNormalisation {
  const spread = (values: readonly number[]): readonly number[] =>
    values.length === 1 ? Array.from({ length: channels }, () => values[0] ?? 0) : values;
  return { of: name, mean: spread(normalisation.mean), std: spread(normalisation.std) };
}
