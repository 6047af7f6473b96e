import type { Checkpoint } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';

/** Name of the data set that a checkpoint, or the file of one, was trained on; `undefined` if it does not say. */
export async function storedDataset(source: Checkpoint | string | undefined): Promise<string | undefined> {
  const checkpoint = typeof source === 'string' ? await readCheckpoint(source) : source;
  const recipe = checkpoint?.metadata.recipe;
  if (typeof recipe !== 'object' || recipe === null || !('dataset' in recipe)) return undefined;
  return typeof recipe.dataset === 'string' ? recipe.dataset : undefined;
}
