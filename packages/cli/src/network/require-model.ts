import { modelNames } from '@espalier/models';
import { requireListed } from '../options/read.js';

/**
 * Refuses what names no network, before anything is built.
 *
 * @param written - What stands on the command line or in a recipe.
 * @param where - How the user knows it: `--model` or `recipe.model`.
 */
export function requireModel(written: string, where = '--model'): void {
  requireListed(written, where, modelNames);
}
