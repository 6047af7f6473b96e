import { checkLearningRate } from '../../checkpoint/manifest/learning-rate.js';
import { CorruptCheckpointError } from '../../errors/checkpoint-errors.js';
import { EspalierError } from '../../errors/espalier-error.js';
import { ShapeMismatchError } from '../../errors/option-errors.js';
import { InvalidDecisionError } from '../../errors/session-errors.js';
import type { Decision, Rewind } from '../../method/decision.js';
import { checkOptions } from '../../options/check-options.js';
import type { OptionRules } from '../../options/option-rule.js';
import { rules } from '../../options/rules.js';
import { type LearningRatePlan, scheduleOf } from '../../schedule/learning-rate-plan.js';
import type { ReparameterizedWeights } from '../reparameterization/reparameterized-weights.js';
import type { WeightTable } from '../weights/weight-table.js';
import { stateReason } from './plain-reason.js';
import { requireReparameterizationDecision } from './reparameterization-decision.js';

/** What a decision is checked against: a run. */
export interface DecisionContext {
  readonly method: { readonly name: string };
  readonly table: WeightTable;
  readonly masks: ReadonlyMap<string, Uint8Array>;
  readonly snapshots: ReadonlyMap<string, unknown>;
  /** The method's reparameterization, while it is in force. */
  readonly reparameterized?: ReparameterizedWeights | undefined;
}

const optionalMap = rules.optional(rules.having('a Map by layer name', 'get', 'has', 'entries'));

/** Kinds of a decision's parts; what is in them is checked below. */
const decisionRules: OptionRules<Decision> = {
  state: rules.anything,
  masks: optionalMap,
  weights: optionalMap,
  slots: rules.anything,
  sums: rules.optional(rules.oneOf('keep', 'reset')),
  snapshot: rules.anything,
  rewind: rules.optional(rules.that('an object', value => typeof value === 'object' && value !== null)),
  learningRate: rules.that('an object or null', value => value === undefined || typeof value === 'object'),
  parameters: optionalMap,
  weightParameters: optionalMap,
  bake: rules.anything,
  phase: rules.anything,
};

const restorable: readonly Rewind['restore'][] = ['all', 'weights', 'position'];

/** Throws unless all of a decision can be carried out; nothing has been carried out then. */
export function requireDecision(decided: unknown, context: DecisionContext): asserts decided is Decision {
  const fail = failing(context.method);
  if (decided instanceof Promise) fail('It is a promise: start must decide at once, decide may take its time.');
  refused(() => checkOptions<Decision>(decided, decisionRules, 'decision'), fail);
  const decision = decided as Decision;
  const { state, masks, weights, slots, snapshot, rewind, learningRate, phase } = decision;
  if (state === undefined) fail('It has no state; a method without one returns null.');
  const unfit = stateReason(state);
  if (unfit) fail(`Its state is not plain data and typed arrays alone, so the run could not be saved. ${unfit}`);
  if (masks) requireMasks(masks, context.table, `the masks of a decision by "${context.method.name}"`, fail);
  for (const [name, values] of weights ?? []) requireWeights(name, values, decision, context, fail);
  if (slots instanceof Map)
    requireMasks(slots, context.table, `the slots of a decision by "${context.method.name}"`, fail);
  else if (slots !== undefined && slots !== 'keep' && slots !== 'reset')
    fail('Its slots are neither "keep" nor "reset" nor a Map of entries.');
  if (snapshot !== undefined && (typeof snapshot !== 'string' || snapshot === '')) fail('Its snapshot has no name.');
  if (/\p{Surrogate}/u.test(snapshot ?? '')) fail('The name of its snapshot is no well-formed Unicode.');
  if (rewind) {
    refused(() => checkOptions<Rewind>(rewind, { snapshot: rules.text, restore: rules.anything }, 'rewind'), fail);
    const known = [...context.snapshots.keys(), ...(snapshot === undefined ? [] : [snapshot])];
    if (!known.includes(rewind.snapshot)) {
      fail(
        `It rewinds to "${rewind.snapshot}", but there is ${known.length ? `only ${known.join(', ')}` : 'no snapshot'}.`,
      );
    }
    if (!restorable.includes(rewind.restore)) fail('Its rewind restores neither "all" nor "weights" nor "position".');
  }
  if (learningRate) requirePlan(learningRate, fail);
  if (phase !== undefined && typeof phase !== 'string') fail('Its phase is not a string.');
  requireReparameterizationDecision(decision, context.table, context.reparameterized, fail);
}

/** Throws what a broken contract of a method is. */
export function failing({ name }: DecisionContext['method']): (reason: string) => never {
  return reason => {
    throw new InvalidDecisionError(name, reason);
  };
}

/** Throws unless every mask belongs to a prunable weight, has its size, and is made of 0 and 1. */
export function requireMasks(
  masks: ReadonlyMap<string, Uint8Array>,
  table: WeightTable,
  where: string,
  fail: (reason: string) => never,
): void {
  for (const [name, mask] of masks) {
    const { size } = table.needPrunable(name, where).variable;
    if (!(mask instanceof Uint8Array)) fail(`The mask of "${name}" is not a Uint8Array.`);
    if (mask.length !== size) throw new ShapeMismatchError(`mask of "${name}" in ${where}`, [mask.length], [size]);
    const wrong = mask.findIndex(bit => bit > 1);
    if (wrong >= 0) fail(`The mask of "${name}" is ${mask[wrong]} at index ${wrong}, but must be 0 or 1.`);
  }
}

function requireWeights(
  name: string,
  values: Float32Array,
  decision: Decision,
  { method, table, masks, reparameterized }: DecisionContext,
  fail: (reason: string) => never,
): void {
  const { size } = table.needPrunable(name, `the weights of a decision by "${method.name}"`).variable;
  if (!(values instanceof Float32Array)) fail(`The weights of "${name}" are not a Float32Array.`);
  if (values.length !== size) throw new ShapeMismatchError(`new weights of "${name}"`, [values.length], [size]);
  // Raw weights beneath masks on the effective ones are kept, so all of them count.
  const mask = reparameterized?.masking === 'effective' ? undefined : (decision.masks?.get(name) ?? masks.get(name));
  const wrong = values.findIndex((value, i) => !Number.isFinite(value) && mask?.[i] !== 0);
  if (wrong >= 0) fail(`The new weight ${wrong} of "${name}" is ${values[wrong]}.`);
}

/** The one check of a plan is that of the schedule it becomes; a checkpoint must be able to hold it, too. */
function requirePlan(plan: LearningRatePlan, fail: (reason: string) => never): void {
  try {
    scheduleOf(plan);
    checkLearningRate(plan);
  } catch (error) {
    fail(`Its learning-rate plan is wrong: ${EspalierError.isInstance(error) ? reasonOf(error) : String(error)}`);
  }
}

function reasonOf(error: EspalierError): string {
  return error instanceof CorruptCheckpointError ? error.reason : error.message;
}

/** Calls the reason of an option that was refused a broken contract. */
export function refused(check: () => void, fail: (reason: string) => never): void {
  try {
    check();
  } catch (error) {
    fail((error as Error).message);
  }
}
