import { InvalidOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { formOf } from '../options/data-form.js';
import { epochsToSteps } from '../options/epochs.js';
import type { OptionRule } from '../options/option-rule.js';
import { type OptionData, optionsFromData } from '../options/options-data.js';
import { type MethodDefinition, type MethodPlan, requireDefinition } from './method-definition.js';
import { requireTrainingRun, type TrainingRun } from './training-run.js';

/** A method for one run, and how long that is. */
export interface DefinedRun extends MethodPlan {
  /** The method. */
  readonly method: PruningMethod;
}

/**
 * The options of a method for a run: what is given, and the defaults of the definition for all else. Of nested options
 * such as `cadence` single ones may be given. `null` leaves an option out that has a default. Steps that are written in
 * epochs (`10 epochs`) become numbers of steps, see {@link epochsToSteps}.
 *
 * @param definition - The method.
 * @param run - The run that defaults are scaled to.
 * @param given - What was asked for, as data.
 * @returns Complete options as data.
 * @throws {@link InvalidOptionError} if the definition or the run is none.
 * @throws {@link UnknownOptionError} if the method has no such option; it names the one that was most likely meant.
 *
 * @example
 * ```ts
 * import { completeOptions, fixedDefinition } from '@espalier/core';
 *
 * const run = { steps: 100, stepsPerEpoch: 10, sparsity: 0.9, trained: true, rateOver: () => 0.1 };
 * completeOptions(fixedDefinition, run, {}); // {}
 * ```
 */
export function completeOptions(definition: MethodDefinition, run: TrainingRun, given: OptionData): OptionData {
  requireDefinition(definition);
  requireTrainingRun(run);
  if (!isRecord(given)) throw new InvalidOptionError('options', given, 'an object');
  const asked = Object.entries(epochsToSteps<object>(definition.rules, given, run.stepsPerEpoch)).filter(
    ([, value]) => value !== undefined,
  );
  const base = definition.defaults(run, Object.fromEntries(asked));
  const put = asked.map(([name, value]) => [name, over(ruleOf(definition, name), base[name], value)] as const);
  const all = new Map<string, Json>([...Object.entries(base), ...put]);
  return Object.fromEntries([...all].filter(([, value]) => value !== null));
}

/**
 * A method for a run, out of its complete options as data.
 *
 * @param definition - The method.
 * @param run - The run.
 * @param options - All options, as {@link completeOptions} gives them or a checkpoint keeps them; nothing is added.
 * @returns The method and how long the run is.
 * @throws {@link InvalidOptionError} if an option has a value that it must not have.
 * @throws {@link UnknownOptionError} if the method has no such option.
 *
 * @example
 * ```ts
 * import { completeOptions, defineRun, fixedDefinition } from '@espalier/core';
 *
 * const run = { steps: 100, stepsPerEpoch: 10, sparsity: 0.9, trained: true, rateOver: () => 0.1 };
 * const options = completeOptions(fixedDefinition, run, {});
 * const { method, positions } = defineRun(fixedDefinition, run, options); // positions: 100
 * ```
 */
export function defineRun(definition: MethodDefinition, run: TrainingRun, options: OptionData): DefinedRun {
  requireDefinition(definition);
  requireTrainingRun(run);
  const read = optionsFromData<object>(definition.rules, options);
  const method = definition.create(read);
  const plan = definition.plan?.(read, run) ?? { positions: run.steps, rateOver: run.steps };
  return { method, ...plan };
}

function ruleOf({ rules }: MethodDefinition, name: string): OptionRule | undefined {
  return new Map<string, OptionRule>(Object.entries(rules)).get(name);
}

/** Options within an option are put over its defaults one by one; everything else takes their place. */
function over(rule: OptionRule | undefined, base: Json | undefined, given: Json): Json {
  const schema = rule ? formOf(rule).schema : true;
  const nested = typeof schema === 'object' && schema.type === 'object' && schema.properties !== undefined;
  if (!nested || !isRecord(base) || !isRecord(given)) return given;
  return Object.fromEntries(Object.entries({ ...base, ...given }).filter(([, value]) => value !== null));
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
