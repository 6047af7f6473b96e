import { Variable } from '@tensorflow/tfjs-core';
import { InvalidOptionError } from '../../errors/option-errors.js';
import { checkOptions } from '../../options/check-options.js';
import { rules } from '../../options/rules.js';
import { type ModelWeight, type WeightRole, weightRules } from './model-weight.js';
import { denseReasonOf } from './weight-role.js';
import { select, selectionRules, type WeightSelection } from './weight-selector.js';

/** How {@link weightsOf} reads a set of variables. */
export interface VariablesOptions extends WeightSelection {
  /**
   * What a weight is for.
   *
   * @defaultValue `kernel` for two and more dimensions, `bias` for one, `other` for scalars
   */
  readonly role?: ((name: string, variable: Variable) => WeightRole) | undefined;
}

function roleByRank(variable: Variable): WeightRole {
  if (variable.rank >= 2) return 'kernel';
  return variable.rank === 1 ? 'bias' : 'other';
}

/**
 * Weights of a model that is written with plain variables, for a session without `LayersModel`.
 *
 * Prunable are trainable kernels, unless the selection says otherwise; those called `depthwise_kernel` stay dense, as
 * in {@link modelWeights}.
 *
 * @param variables - Every variable of the model under a name that is the same in every process. Their order is the
 * model's order.
 * @param options - Roles, and exceptions from the rule.
 * @returns The weights to give to `PruningSession.start`. The variables stay yours.
 * @throws {@link InvalidOptionError} if something is not a variable, or an option is impossible.
 * @throws {@link UnknownOptionError} if there is no option of that name.
 * @throws {@link UnknownLayerError} if a name, pattern or function of the selection matches no variable.
 *
 * @example A linear model.
 * ```ts
 * import { weightsOf } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const kernel = tf.variable(tf.zeros([4, 2]));
 * const bias = tf.variable(tf.zeros([2]));
 * weightsOf({ kernel, bias }).map(weight => weight.prunable); // [true, false]
 * ```
 */
export function weightsOf(
  variables: Readonly<Record<string, Variable>>,
  options: VariablesOptions = {},
): ModelWeight[] {
  if (
    typeof variables !== 'object' ||
    variables === null ||
    Array.isArray(variables) ||
    variables instanceof Variable
  ) {
    throw new InvalidOptionError('variables', variables, 'an object of variables by name, e.g. { kernel, bias }');
  }
  checkOptions<VariablesOptions>(options, { ...selectionRules, role: rules.optional(rules.function) });
  const weights = Object.entries(variables).map(([name, variable]): ModelWeight => {
    if (!(variable instanceof Variable)) throw new InvalidOptionError(`variables.${name}`, variable, 'a tf.Variable');
    const role = options.role?.(name, variable) ?? roleByRank(variable);
    weightRules.role('options.role', role as never);
    const { trainable } = variable;
    const denseBecause = denseReasonOf({ name, role, trainable, variable });
    return {
      name,
      variable,
      role,
      trainable,
      prunable: denseBecause === undefined,
      ...(denseBecause ? { denseBecause } : {}),
    };
  });
  return select(weights, options);
}
