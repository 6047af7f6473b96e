import type { Variable } from '@tensorflow/tfjs-core';

/**
 * What a weight is for. `kernel` covers everything that multiplies activations, `other` what fits nowhere else
 * (moving statistics are `normalization`).
 */
export type WeightRole = 'kernel' | 'bias' | 'normalization' | 'embedding' | 'other';

/** One weight of a model, as a session sees it. */
export interface ModelWeight {
  /** Name that is the same in every process and for every copy of the model, e.g. `conv1/kernel`. */
  readonly name: string;
  /** The live variable. Its own `name` may carry a suffix that TensorFlow.js adds to keep variables apart. */
  readonly variable: Variable;
  /** What the weight is for; decides about weight decay and about what is prunable. */
  readonly role: WeightRole;
  /** Whether gradients update it. False for moving statistics and for frozen layers. */
  readonly trainable: boolean;
  /** Whether methods may mask its entries. */
  readonly prunable: boolean;
}
