import { InvalidOptionError } from '../errors/option-errors.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { checkOptions } from '../options/check-options.js';
import type { OptionRules } from '../options/option-rule.js';
import type { OptionData } from '../options/options-data.js';
import { rules } from '../options/rules.js';
import type { TrainingRun } from './training-run.js';

/** What help says about an option. */
export interface OptionNote {
  /** What it is, as a phrase without a full stop. */
  readonly summary: string;
  /** Where its default comes from: a paper's section, or code of its authors. */
  readonly source?: string | undefined;
}

/** How long a run of a method is, where the method decides about that. */
export interface MethodPlan {
  /** Positions to train to. Fewer than the run has steps if the method rewinds. */
  readonly positions: number;
  /** Positions after which the learning rate has come to its end. */
  readonly rateOver: number;
}

/**
 * What commands, benchmarks and recipes need to know about a method beside its creator: its name, its options as data,
 * and how they follow from the length of a run.
 *
 * A package of methods exports an array of them as `definitions`; `espalier prune --method` then takes the package's
 * name. The rules are those that the creator checks with, so that there is one list of options.
 *
 * @typeParam Options - Options of the creator.
 *
 * @example The definition of a method that prunes once.
 * ```ts
 * import { type MethodDefinition, type PruningMethod, requireSparsity, rules } from '@espalier/core';
 *
 * interface OnceOptions {
 *   readonly sparsity: number;
 *   readonly position: number;
 * }
 * declare function once(options: OnceOptions): PruningMethod<null>;
 *
 * export const definitions: readonly MethodDefinition<OnceOptions>[] = [
 *   {
 *     name: 'once',
 *     summary: 'Prunes once, in the middle of training',
 *     source: 'none',
 *     rules: { sparsity: requireSparsity, position: rules.integer({ from: 0 }) },
 *     notes: { sparsity: { summary: 'fraction that is masked' }, position: { summary: 'when' } },
 *     defaults: ({ steps, sparsity }) => ({ sparsity, position: Math.floor(steps / 2) }),
 *     create: once,
 *   },
 * ];
 * ```
 */
export interface MethodDefinition<Options extends object = object> {
  /** What the method is called in a command and a recipe, in lower case with hyphens, such as `lottery-ticket`. */
  readonly name: string;
  /** What it does, in a phrase of a dozen words without a full stop. */
  readonly summary: string;
  /** Paper that defines it. */
  readonly source: string;
  /** What the creator checks its options with. */
  readonly rules: OptionRules<Options>;
  /** What help says about each option. */
  readonly notes: { readonly [Key in keyof Options]-?: OptionNote };
  /**
   * Options as data for a run, scaled from the settings of the paper. A pure function of its arguments.
   *
   * @param run - The run.
   * @param given - What was asked for; options that follow from others are scaled to it. It need not be repeated: what
   *   is given is put over the defaults.
   */
  defaults(run: TrainingRun, given: OptionData): OptionData;
  /** The creator. */
  create(options: Options): PruningMethod;
  /** How long a run is; left out if it has as many positions as steps, and the learning rate comes down over them. */
  readonly plan?: Planner<Options>['plan'] | undefined;
}

/** What a definition says about the length of a run. */
export interface Planner<Options> {
  /**
   * How long the run is and when the learning rate comes to its end.
   *
   * @param options - Complete options, as the creator takes them.
   * @param run - The run.
   */
  plan(options: Options, run: TrainingRun): MethodPlan;
}

const definitionRules: OptionRules<MethodDefinition> = {
  name: rules.that(
    'a name in lower case with hyphens',
    value => typeof value === 'string' && /^[a-z][a-z0-9-]*$/.test(value),
  ),
  summary: rules.text,
  source: rules.text,
  rules: rules.that('an object with a rule for each option', isRecord),
  notes: rules.that('an object with a note for each option', isRecord),
  defaults: rules.function,
  create: rules.function,
  plan: rules.optional(rules.function),
};

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Refuses what is no definition of a method.
 *
 * @param definition - What was given, such as an export of a package.
 * @param path - Where it stands, for the message.
 * @throws {@link InvalidOptionError} naming what is wrong, e.g. `definition.create`.
 * @throws {@link UnknownOptionError} if it has a key that nobody reads.
 *
 * @example
 * ```ts
 * import { fixedDefinition, requireDefinition } from '@espalier/core';
 *
 * requireDefinition(fixedDefinition); // returns
 * ```
 */
export function requireDefinition(definition: unknown, path = 'definition'): asserts definition is MethodDefinition {
  checkOptions<MethodDefinition>(definition, definitionRules, path);
  for (const [option, rule] of Object.entries(definition.rules)) {
    if (typeof rule !== 'function') throw new InvalidOptionError(`${path}.rules.${option}`, rule, 'a rule, a function');
    if (!Object.hasOwn(definition.notes, option)) {
      throw new InvalidOptionError(`${path}.notes.${option}`, undefined, 'a note with a summary');
    }
  }
}
