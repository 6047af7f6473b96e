import { type Checkpoint, InvalidOptionError, type Json, SparsityNotReachedError } from '@espalier/core';
import type { PruningSession } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batches, BatchSource } from './batch.js';
import { requireOneOutput } from './evaluate.js';
import type { TrainingEvent } from './events.js';
import type { Loss } from './loss.js';

/** When {@link train} evaluates, and on what. */
export interface EvaluationOptions {
  /** Evaluate whenever the position is a multiple of this, an integer ≥ 1; the end of the run always counts too. */
  readonly every: number;
  /** Makes the held-out batches anew for each evaluation. */
  readonly batches: () => Batches;
}

/** When {@link train} saves checkpoints, and how. */
export interface CheckpointOptions {
  /** Save whenever the step count is a multiple of this, an integer ≥ 1; the end of the run and an abort always count too. */
  readonly every: number;
  /** Stores one checkpoint, e.g. with `saveCheckpoint` of `@espalier/trainer/node`. */
  readonly save: (checkpoint: Checkpoint) => unknown;
  /** Kept inside the checkpoint, e.g. data set and recipe. */
  readonly metadata?: { readonly [key: string]: Json };
}

/** What {@link train} needs. */
export interface TrainOptions<State extends Json> {
  /** The session to drive, new or resumed. It stays yours: {@link train} does not dispose it. */
  readonly session: PruningSession<State>;
  /** The model whose weights the session holds; one input, one output. */
  readonly model: LayersModel;
  /** Training data by position. */
  readonly batches: BatchSource;
  /** Position at which the run ends, an integer ≥ 1. A resumed session takes only the steps that are left. */
  readonly steps: number;
  /**
   * Cap on the steps of the whole run, which are more than its positions when the method rewinds.
   *
   * @defaultValue 100 · `steps`
   */
  readonly maximumSteps?: number;
  /**
   * Loss to minimise and to report in evaluations. What the layers' own regularisers ask for is added in training.
   *
   * @defaultValue {@link softmaxCrossEntropy} without smoothing
   */
  readonly loss?: Loss;
  /** Evaluations during the run; none if left out. */
  readonly evaluation?: EvaluationOptions;
  /** Checkpoints during the run; none if left out. */
  readonly checkpoint?: CheckpointOptions;
  /** Called with every event, and awaited; what it throws ends the run. */
  readonly onEvent?: (event: TrainingEvent) => unknown;
  /** Aborting it ends the run after the current step, with a checkpoint if those are asked for. */
  readonly signal?: AbortSignal;
}

/** Refuses impossible options, and runs that are too short for what the method promises. */
export function checkOptions<State extends Json>(options: TrainOptions<State>): void {
  const { session, model, steps, maximumSteps = steps, evaluation, checkpoint } = options;
  requireOneOutput(model);
  requireCount('steps', steps);
  requireCount('maximumSteps', maximumSteps);
  if (evaluation) requireCount('evaluation.every', evaluation.every);
  if (checkpoint) requireCount('checkpoint.every', checkpoint.every);
  const { target } = session.method;
  if (target && target.position >= steps) {
    throw new SparsityNotReachedError(session.sparsity, target.sparsity, target.position, steps);
  }
}

function requireCount(option: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidOptionError(option, value, 'an integer of at least 1');
}
