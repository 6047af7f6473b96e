import {
  type Checkpoint,
  checkOptions,
  type Json,
  type MethodState,
  type OptionRule,
  rules,
  SparsityNotReachedError,
} from '@espalier/core';
import type { PruningSession } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { AnyBatch, Batches, BatchSource } from '../batch.js';
import { type DistillationOptions, distillationRule } from '../distillation/distillation-options.js';
import type { TrainingEvent } from '../events.js';
import type { AnyLoss } from '../losses/losses.js';
import type { Metric, Metrics, OutputMetric } from '../metric.js';
import { lossRule, metricRule, metricsRule } from '../option-rules.js';

/** When {@link train} evaluates, and on what. */
export interface EvaluationOptions {
  /** Evaluate whenever the position is a multiple of this, an integer ≥ 1; the end of the run always counts too. */
  readonly every: number;
  /** Makes the held-out batches anew for each evaluation. */
  readonly batches: () => Batches<AnyBatch>;
  /**
   * What to report as accuracy.
   *
   * @defaultValue the fraction of examples whose largest output is the true class
   */
  readonly metric?: Metric | OutputMetric | undefined;
  /** What to report besides, such as {@link topK} or {@link meanAbsoluteError}. */
  readonly metrics?: Metrics | undefined;
}

/** When {@link train} saves checkpoints, and how. */
export interface CheckpointOptions {
  /**
   * Save whenever the step count is a multiple of this, an integer ≥ 1; the end of the run and an abort always count
   * too.
   */
  readonly every: number;
  /** Stores one checkpoint, e.g. with `saveCheckpoint` of `@espalier/trainer/node`. */
  readonly save: (checkpoint: Checkpoint) => unknown;
  /** Kept inside the checkpoint, e.g. dataset and recipe. */
  readonly metadata?: { readonly [key: string]: Json } | undefined;
}

/** What {@link train} needs. */
export interface TrainOptions<State extends MethodState> {
  /** The session to drive, new or resumed. It stays yours: {@link train} does not dispose it. */
  readonly session: PruningSession<State>;
  /** The model whose weights the session holds. */
  readonly model: LayersModel;
  /** Training data by position. */
  readonly batches: BatchSource<AnyBatch>;
  /** Position at which the run ends, an integer ≥ 1. A resumed session takes only the steps that are left. */
  readonly steps: number;
  /**
   * Cap on the steps of the whole run, which are more than its positions when the method rewinds.
   *
   * @defaultValue 100 · `steps`
   */
  readonly maximumSteps?: number | undefined;
  /**
   * Loss to minimize and to report in evaluations; for several outputs an object with one for each name, with weights
   * or without, or one over all outputs. What the layers' own regularizers ask for is added in training.
   *
   * @defaultValue what the model's outputs ask for, added up: {@link softmaxCrossEntropy} without smoothing for logits
   *   and softmax, {@link sigmoidCrossEntropy} for a single unit with a sigmoid; {@link evaluate} has the rule
   */
  readonly loss?: AnyLoss | undefined;
  /**
   * A network to learn from besides the labels. Events tell the loss with it, evaluations that of the labels alone.
   *
   * @defaultValue none
   */
  readonly distillation?: DistillationOptions | undefined;
  /** Evaluations during the run; none if left out. */
  readonly evaluation?: EvaluationOptions | undefined;
  /** Checkpoints during the run; none if left out. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /** Called with every event, and awaited; what it throws ends the run. */
  readonly onEvent?: ((event: TrainingEvent) => unknown) | undefined;
  /** Aborting it ends the run after the current step, with a checkpoint if those are asked for. */
  readonly signal?: AbortSignal | undefined;
}

const count = rules.integer({ from: 1 });

/** Refuses impossible options, and runs that are too short for what the method promises. */
export function checkTrainOptions<State extends MethodState>(options: TrainOptions<State>): void {
  checkOptions<TrainOptions<State>>(options, {
    session: rules.having('a PruningSession', 'step', 'settle', 'checkpoint'),
    model: rules.having('a LayersModel of TensorFlow.js', 'apply', 'calculateLosses'),
    batches: rules.function,
    steps: count,
    maximumSteps: rules.optional(count),
    loss: rules.optional(lossRule),
    distillation: rules.optional(distillationRule),
    evaluation: rules.optional(
      rules.object<EvaluationOptions>({
        every: count,
        batches: rules.function,
        metric: rules.optional(metricRule),
        metrics: rules.optional(metricsRule),
      }),
    ),
    checkpoint: rules.optional(
      rules.object<CheckpointOptions>({ every: count, save: rules.function, metadata: rules.optional(plainObject) }),
    ),
    onEvent: rules.optional(rules.function),
    signal: rules.optional(rules.signal),
  });
  const { session, steps } = options;
  const { target } = session.method;
  if (target && target.position >= steps) {
    throw new SparsityNotReachedError(session.sparsity, target.sparsity, target.position, steps, 'before');
  }
}

const plainObject: OptionRule = rules.that(
  'an object of plain data',
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
);
