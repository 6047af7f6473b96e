import type { Variable } from '@tensorflow/tfjs-core';
import type { OptionRules } from '../../options/option-rule.js';
import { rules } from '../../options/rules.js';

/**
 * What a weight is for. `kernel` covers everything that multiplies activations, `other` what fits nowhere else
 * (moving statistics are `normalization`).
 */
export type WeightRole = 'kernel' | 'bias' | 'normalization' | 'embedding' | 'other';

/**
 * Why methods must not mask a weight: it is no kernel (`role`), its kind of layer is not pruned by default (`layer`,
 * e.g. LSTM), it is a depthwise kernel (`depthwise`), it is not trained (`frozen`), it has no entries (`empty`), or the
 * selection leaves it out (`excepted`).
 */
export type DenseReason = 'role' | 'layer' | 'depthwise' | 'frozen' | 'empty' | 'excepted';

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
  /** Why it is not prunable; absent if it is. For messages only. */
  readonly denseBecause?: DenseReason;
  /** Class of its layer, e.g. `Conv2D`, for {@link LayerShape.kind} and messages; absent for plain variables. */
  readonly layerClass?: string;
  /** Whether an L2 regularizer of its layer pulls it towards 0, which a session's weight decay would do again. */
  readonly regularized?: boolean;
  /** Whether it has an L2 regularizer that TensorFlow.js never adds to the loss, as those of recurrent layers. */
  readonly regularizedInVain?: boolean;
}

const roles: readonly WeightRole[] = ['kernel', 'bias', 'normalization', 'embedding', 'other'];
const reasons: readonly DenseReason[] = ['role', 'layer', 'depthwise', 'frozen', 'empty', 'excepted'];

/** Rules for weights that somebody wrote down without {@link modelWeights}; the table checks the variable. */
export const weightRules: OptionRules<ModelWeight> = {
  name: rules.text,
  variable: rules.anything,
  role: rules.oneOf(...roles),
  trainable: rules.boolean,
  prunable: rules.boolean,
  denseBecause: rules.optional(rules.oneOf(...reasons)),
  layerClass: rules.optional(rules.text),
  regularized: rules.optional(rules.boolean),
  regularizedInVain: rules.optional(rules.boolean),
};
