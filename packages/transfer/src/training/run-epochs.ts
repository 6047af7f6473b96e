import type { Checkpoint, Schedule } from '@espalier/core';
import type { PruningSession } from '@espalier/core/tfjs';
import { type BatchSource, type CheckpointOptions, train } from '@espalier/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Scores } from '../scores/scores.js';
import type { EpochScore } from './result.js';

/** What a run knows besides its weights. */
export interface Progress {
  /** Scored epochs so far. */
  readonly history: readonly EpochScore[];
  /** Sum of the losses of the current epoch. */
  readonly loss: number;
  /** Steps of the current epoch. */
  readonly steps: number;
  /** An epoch that was trained, but not scored, because the run was aborted in between. */
  readonly unscored?: Omit<EpochScore, keyof Scores>;
}

export const noProgress: Progress = { history: [], loss: 0, steps: 0 };

/** A session to train by epochs, and how to score it. */
export interface EpochRun {
  readonly session: PruningSession<null>;
  readonly model: LayersModel;
  readonly batches: BatchSource;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly schedule: Schedule;
  /** Every so many epochs, and after the last, the model is scored. */
  readonly evaluateEvery: number;
  /** Rejects with the signal's reason if it is aborted. */
  readonly score: () => Promise<Scores>;
  /** Where a resumed run stood. */
  readonly progress?: Progress;
  readonly onEpoch: (score: EpochScore) => unknown;
  /** Stores the run every so many epochs, at the end, and when it is aborted. */
  readonly save?:
    | { readonly every: number; readonly store: (run: Checkpoint, progress: Progress) => unknown }
    | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Trains to the end and gives the scores of all epochs; rejects with the signal's reason if it is aborted. */
export async function runEpochs(run: EpochRun): Promise<readonly EpochScore[]> {
  const { session, model, batches, stepsPerEpoch, epochs, schedule, signal } = run;
  let progress = run.progress ?? noProgress;
  const scoreNow = async (): Promise<void> => {
    const { unscored, history } = progress;
    if (!unscored) return;
    try {
      const score = { ...unscored, ...(await run.score()) };
      progress = { ...noProgress, history: [...history, score] };
      await run.onEpoch(score);
    } catch (error) {
      // What was trained is saved before the run ends, and scored when it goes on.
      if (signal?.aborted !== true || error !== signal.reason) throw error;
    }
  };
  await scoreNow();
  await train({
    session,
    model,
    batches,
    steps: epochs * stepsPerEpoch,
    ...(signal ? { signal } : {}),
    ...(run.save ? { checkpoint: checkpointOptions(run.save, stepsPerEpoch, () => progress) } : {}),
    onEvent: async event => {
      if (event.type !== 'step') return;
      const { position } = event.clock;
      const { history } = progress;
      const [loss, steps] = [progress.loss + event.loss, progress.steps + 1];
      progress = { history, loss, steps };
      if (position % stepsPerEpoch !== 0) return;
      progress = { ...noProgress, history };
      const epoch = position / stepsPerEpoch - 1;
      if ((epoch + 1) % run.evaluateEvery !== 0 && epoch + 1 !== epochs) return;
      const unscored = { epoch, learningRate: schedule(position - 1), loss: loss / steps };
      progress = { ...noProgress, history, unscored };
      await scoreNow();
    },
  });
  signal?.throwIfAborted();
  return progress.history;
}

function checkpointOptions(
  { every, store }: NonNullable<EpochRun['save']>,
  stepsPerEpoch: number,
  progress: () => Progress,
): CheckpointOptions {
  return { every: every * stepsPerEpoch, save: checkpoint => store(checkpoint, progress()) };
}
