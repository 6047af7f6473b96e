import type { Clock } from '@espalier/core';
import type { Evaluation } from './evaluate.js';

/** A step has run. */
export interface StepEvent {
  /** Discriminant. */
  readonly type: 'step';
  /** The clock after the step. */
  readonly clock: Clock;
  /** Mean loss of the batch, before the update. */
  readonly loss: number;
}

/** The method has changed masks, phase, weights' position in time, or all of them. */
export interface DecisionReport {
  /** Discriminant. */
  readonly type: 'decision';
  /** The clock after the decision; a new `round` tells of a rewind. */
  readonly clock: Clock;
  /** Overall sparsity of the prunable weights from now on. */
  readonly sparsity: number;
  /** Name of the current phase, or the empty string. */
  readonly phase: string;
}

/** The model was evaluated. */
export interface EvaluationEvent {
  /** Discriminant. */
  readonly type: 'evaluation';
  /** The clock at the time. */
  readonly clock: Clock;
  /** Loss and accuracy on {@link TrainOptions.evaluation}'s batches. */
  readonly evaluation: Evaluation;
  /** Overall sparsity of the prunable weights at the time. */
  readonly sparsity: number;
}

/** A checkpoint was saved. */
export interface CheckpointEvent {
  /** Discriminant. */
  readonly type: 'checkpoint';
  /** The clock that the checkpoint holds. */
  readonly clock: Clock;
}

/** The loop is over; the last event of a run that did not throw. */
export interface EndEvent {
  /** Discriminant. */
  readonly type: 'end';
  /** The clock at the end. */
  readonly clock: Clock;
  /** Whether all steps were taken, or the signal stopped the run. */
  readonly reason: 'finished' | 'aborted';
}

/** What {@link train} reports while it runs; switch on `type`. */
export type TrainingEvent = StepEvent | DecisionReport | EvaluationEvent | CheckpointEvent | EndEvent;
