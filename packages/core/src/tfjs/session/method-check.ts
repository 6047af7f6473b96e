import { InvalidOptionError } from '../../errors/option-errors.js';
import { requireSparsity } from '../../mask/count.js';
import type { PruningMethod, SparsityTarget } from '../../method/pruning-method.js';
import type { Reparameterization } from '../../method/reparameterization.js';
import { checkOptions } from '../../options/check-options.js';
import type { OptionRules } from '../../options/option-rule.js';
import { rules } from '../../options/rules.js';
import { plainDataRule } from './plain-reason.js';

const methodRules: OptionRules<PruningMethod> = {
  specification: rules.oneOf('v1'),
  name: rules.text,
  citation: rules.that('a text', value => typeof value === 'string'),
  options: plainDataRule,
  target: rules.optional(
    rules.object<SparsityTarget>({ sparsity: requireSparsity, position: rules.integer({ from: 0 }) }),
  ),
  prunes: rules.optional(rules.boolean),
  reparameterization: rules.optional(
    rules.object<Reparameterization>({
      masking: rules.optional(rules.oneOf('raw', 'effective')),
      parameters: rules.optional(rules.function),
      effective: rules.function,
      backward: rules.function,
    }),
  ),
  start: rules.function,
  plan: rules.function,
  decide: rules.function,
};

/** Refuses what is not a pruning method of this contract, before anything is allocated. */
export function requireMethod(method: unknown): asserts method is PruningMethod {
  if (typeof method === 'function') {
    throw new InvalidOptionError(
      'method',
      method,
      'a method. Call its creator first, e.g. magnitude({ sparsity: 0.9, … })',
    );
  }
  checkOptions<PruningMethod>(method, methodRules, 'method');
}
