import type { LearningRateSegment } from '@espalier/core';
import type { DenseTraining } from './dense-training.js';

/** What a {@link RetrainingSchedule} knows about the phase whose learning rate it decides. */
export interface RetrainingPhase {
  /** Steps of this phase (n of the paper), an integer ≥ 1. */
  readonly steps: number;
  /** The training that produced the dense model. */
  readonly dense: DenseTraining;
  /** Fraction of the remaining weights that each phase prunes, `1 − (1 − S)^(1/P)`, in [0, 1). */
  readonly prunedFraction: number;
  /** Relative L2 norm that this phase's pruning removed from the prunable weights, in [0, 1]. */
  readonly normDrop: number;
}

/**
 * The learning rate of one retraining phase: segments whose lengths add up to `phase.steps`. The six of the paper are
 * {@link fineTuning}, {@link learningRateRewinding}, {@link scaledRestart}, {@link cyclicRestart},
 * {@link linearRestart} and {@link adaptiveLinearRestart}; a function of your own is a seventh. Its `name` appears in
 * checkpoints and reports.
 */
export type RetrainingSchedule = (phase: RetrainingPhase) => readonly LearningRateSegment[];
