import { join } from 'node:path';
import type { BackendDescription } from '@espalier/backend';
import type { Checkpoint, Clock } from '@espalier/core';
import { makeDirectory, writeCheckpoint, writeFileAtomic } from '@espalier/core/node';
import type { Evaluation } from '@espalier/trainer';
import type { Recipe } from '../recipe/recipe.js';
import type { ChosenNormalization } from './normalization.js';
import type { Run } from './open-run.js';

/** What a run came to, as `--json` prints it and `result.json` keeps it. */
export interface RunResult {
  readonly command: string;
  readonly reason: 'finished' | 'aborted';
  readonly clock: Clock;
  readonly sparsity: number;
  /**
   * Accuracy and loss on the test examples; `null` if the run was aborted before the first evaluation, or had no
   * dataset.
   */
  readonly evaluation: Evaluation | null;
  readonly seconds: number;
  /** Its dataset is `null` if none has such images. */
  readonly recipe: Omit<Recipe, 'dataset'> & { readonly dataset: string | null };
  /** `null` if there was no dataset and the network does not say. */
  readonly normalization: ChosenNormalization | null;
  readonly backend: BackendDescription;
  readonly directory: string;
  /** Kernels that are not pruned, and why. */
  readonly dense: Run['dense'];
  /** Layers in which no active weight is left. */
  readonly emptied: readonly string[];
  /** File with the network, without the optimizer's state; `null` if the run was aborted. */
  readonly model: string | null;
}

/** Layers in which no active weight is left. */
export function emptiedOf({ masks }: Run['session']): readonly string[] {
  return [...masks].filter(([, mask]) => mask.length > 0 && !mask.includes(1)).map(([name]) => name);
}

/** Where a finished run keeps its network. */
export function networkOf(directory: string): string {
  return join(directory, 'model.safetensors');
}

/** Writes the network of a finished run, and beside it what the run came to. */
export async function writeResult(
  { model, session }: Run,
  metadata: Checkpoint['metadata'],
  result: RunResult,
): Promise<void> {
  const { directory } = result;
  await makeDirectory(directory);
  const checkpoint = await session.checkpoint({ model, metadata, slots: false, snapshots: false });
  await writeCheckpoint(networkOf(directory), checkpoint);
  const bytes = new TextEncoder().encode(`${JSON.stringify(result, null, 2)}\n`);
  await writeFileAtomic(join(directory, 'result.json'), bytes);
}
