import { type Checkpoint, CheckpointMismatchError, type Json } from '@espalier/core';
import { noProgress, type Progress } from '../training/run-epochs.js';

/**
 * Keeps unfinished and finished runs, so that they can go on; `fileRunStore` of `@espalier/transfer/node` keeps them in
 * files.
 */
export interface RunStore {
  /**
   * The latest checkpoint of a run.
   *
   * @param seed - Seed of the run.
   * @returns The checkpoint, or `undefined` if the run is new.
   */
  load(seed: number): Promise<Checkpoint | undefined>;
  /**
   * Keeps a checkpoint of a run.
   *
   * @param seed - Seed of the run.
   * @param checkpoint - Weights, masks, optimizer and topology of the network with its new head; scores so far in the
   *   metadata.
   */
  save(seed: number, checkpoint: Checkpoint): Promise<unknown>;
}

const entry = 'transfer';

/** The checkpoint with what the run knows besides its weights, and with what it must be resumed with. */
export function withProgress(checkpoint: Checkpoint, settings: Json, progress: Progress): Checkpoint {
  const kept = { settings, progress: JSON.parse(JSON.stringify(progress)) as Json };
  return { ...checkpoint, metadata: { ...checkpoint.metadata, [entry]: kept } };
}

/** What {@link withProgress} kept; refuses a checkpoint of a run with other settings. */
export function progressOf(checkpoint: Checkpoint | undefined, settings: Json): Progress {
  if (!checkpoint) return noProgress;
  const kept = checkpoint.metadata[entry] as { settings?: Json; progress?: Progress } | undefined;
  if (!kept?.progress) throw new CheckpointMismatchError('It was not made by fullFinetune.');
  if (JSON.stringify(kept.settings) !== JSON.stringify(settings)) {
    throw new CheckpointMismatchError(
      `It belongs to a run with ${JSON.stringify(kept.settings)}, not with ${JSON.stringify(settings)}. Use another store, such as another directory.`,
    );
  }
  return kept.progress;
}
