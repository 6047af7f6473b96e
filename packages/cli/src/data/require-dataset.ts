import { datasetNames } from '@espalier/datasets/node';
import { requireListed } from '../options/read.js';
import { ownDataset } from './own-data.js';

/**
 * Refuses what names no dataset, before anything is read.
 *
 * @param written - What stands on the command line or in a recipe.
 * @param where - How the user knows it: `--dataset` or `recipe.dataset`.
 */
export function requireDataset(written: string, where = '--dataset'): void {
  if (written === ownDataset && where !== '--dataset') return;
  requireListed(written, where, datasetNames);
}
