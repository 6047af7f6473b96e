import { MissingExampleLossesError } from '../../../errors/session-errors.js';
import { gradientSums } from '../../../method/gradient-sum.js';
import type { Observation, StepPlan } from '../../../method/step.js';
import { checkOptions } from '../../../options/check-options.js';
import type { OptionRules } from '../../../options/option-rule.js';
import { rules } from '../../../options/rules.js';
import type { GradientSums } from '../../optimizer/gradient-sums.js';
import { failing, refused } from '../decision-check.js';
import type { SessionOptions } from '../session-options.js';

/** What a plan is checked against: a run. */
export interface PlanContext {
  readonly method: { readonly name: string };
  readonly options: Pick<SessionOptions, 'exampleLosses'>;
  readonly sums: Pick<GradientSums, 'isEmpty'>;
}

const isObject = rules.that('an object', value => typeof value === 'object' && value !== null);
const planRules: OptionRules<StepPlan> = {
  observe: rules.optional(isObject),
  optimizer: rules.optional(rules.oneOf('apply', 'skip')),
  accumulate: rules.optional(rules.list(rules.oneOf(...gradientSums))),
};

const kinds: readonly Observation['kind'][] = ['clock', 'weights', 'gradients', 'samples'];

/** Throws unless a step's plan can be carried out. */
export function requireStepPlan(plan: StepPlan, { method, options, sums }: PlanContext): void {
  const fail = failing(method);
  refused(() => checkOptions<StepPlan>(plan, planRules, 'plan'), fail);
  const { observe, accumulate = [] } = plan;
  const twice = accumulate.find((kind, i) => accumulate.indexOf(kind) !== i);
  if (twice) fail(`Its plan accumulates "${twice}" twice in one step.`);
  if (!observe) return;
  const { kind, sums: summed = false, slots = false, ...rest } = observe;
  if (!kinds.includes(kind)) fail(`Its plan asks for "${kind}", not for one of ${kinds.join(', ')}.`);
  const surplus = Object.keys(rest).find(key => kind !== 'samples' || key !== 'count');
  if (surplus !== undefined) fail(`Its plan asks for ${kind} with "${surplus}", which nobody reads.`);
  for (const [name, flag] of Object.entries({ sums: summed, slots })) {
    if (typeof flag !== 'boolean') fail(`Its plan asks for "${name}" neither with true nor with false.`);
  }
  if (summed && sums.isEmpty && accumulate.length === 0) {
    fail('Its plan asks for sums, but no plan since the run began or the last reset has accumulated any.');
  }
  if (observe.kind !== 'samples') return;
  if (!options.exampleLosses) throw new MissingExampleLossesError(method.name);
  const { count } = observe;
  if (!(Number.isInteger(count) && count >= 1)) fail(`Its plan asks for ${count} samples, not for an integer ≥ 1.`);
}
