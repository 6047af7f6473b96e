import { type Checkpoint, CheckpointMismatchError } from '@espalier/core';
import { datasetNames } from '@espalier/datasets/node';

/** Name of the dataset that a checkpoint was trained on; `undefined` if it does not say. */
export function storedDataset(checkpoint: Checkpoint | undefined): string | undefined {
  const recipe = checkpoint?.metadata.recipe;
  if (typeof recipe !== 'object' || recipe === null || !('dataset' in recipe)) return undefined;
  return typeof recipe.dataset === 'string' ? recipe.dataset : undefined;
}

/**
 * The same for a command that is about to load the dataset.
 *
 * @throws {@link CheckpointMismatchError} if there is no dataset of that name.
 */
export function storedDatasetToLoad(checkpoint: Checkpoint | undefined): string | undefined {
  const name = storedDataset(checkpoint);
  if (name === undefined || (datasetNames as readonly string[]).includes(name)) return name;
  throw new CheckpointMismatchError(
    `It was trained on a dataset "${name}", which is not known here. Choose with --dataset: ${datasetNames.join(', ')}.`,
  );
}
