import type { GradientSum } from '../../method/gradient-sum.js';
import type { StoredTensor } from '../tensors/stored-tensor.js';

/** One kind of sum of gradients that a session keeps for a method, see {@link StepPlan.accumulate}. */
export interface StoredSum {
  /** What is summed. */
  readonly kind: GradientSum;
  /** Steps that were added, an integer ≥ 1. */
  readonly steps: number;
  /** Sums by weight name, in the weights' shapes, masked entries too; weights that got no gradient are left out. */
  readonly weights: ReadonlyMap<string, StoredTensor>;
}
