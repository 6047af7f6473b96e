import { InvalidOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import { formOf } from './data-form.js';
import { fromEpochs } from './from-epochs.js';
import type { JsonSchema } from './json-schema.js';
import type { OptionRules } from './option-rule.js';
import { entriesOf, type OptionData } from './options-data.js';

/** How a number of steps is written in epochs: `10 epochs`, `1 epoch`, `0.5 epochs`. */
const epochsPattern = '^(\\d{1,15}(?:\\.\\d{1,15})?) epochs?$';

/** Schema of a number of steps that is written in epochs. */
export const epochsSchema: JsonSchema = {
  type: 'string',
  pattern: epochsPattern,
  description: 'epochs, such as "10 epochs"',
};

/**
 * The number of epochs in a text such as `10 epochs`; `undefined` if it is none.
 *
 * @param written - What stands in a recipe or on a command line.
 *
 * @example
 * ```ts
 * import { epochsIn } from '@espalier/core';
 *
 * epochsIn('0.5 epochs'); // 0.5
 * ```
 */
export function epochsIn(written: unknown): number | undefined {
  const [, count] = (typeof written === 'string' && new RegExp(epochsPattern).exec(written)) || [];
  return count === undefined ? undefined : Number(count);
}

/**
 * Options in which steps that are written in epochs (`10 epochs`) have become numbers of steps, rounded to the nearest,
 * but no fewer than the rule allows: `0.01 epochs` of 10 steps are one step where there must be one. Only where the
 * rules ask for steps, see `rules.steps`; all else stays as it is.
 *
 * @param checks - A rule for each option.
 * @param data - The options as they are written.
 * @param stepsPerEpoch - Optimizer steps in an epoch, an integer ≥ 1.
 * @throws {@link InvalidOptionError} if `stepsPerEpoch` is out of range, or the others are no objects.
 *
 * @example
 * ```ts
 * import { epochsToSteps, requireCadence } from '@espalier/core';
 *
 * const written = { cadence: { start: '1 epoch', end: '30 epochs', every: 100 } };
 * epochsToSteps({ cadence: requireCadence }, written, 391); // { cadence: { start: 391, end: 11730, every: 100 } }
 * ```
 */
export function epochsToSteps<Options extends object>(
  checks: OptionRules<Options>,
  data: OptionData,
  stepsPerEpoch: number,
): OptionData {
  const rules = new Map(entriesOf(checks));
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new InvalidOptionError('options', data, 'an object');
  }
  fromEpochs(0, stepsPerEpoch);
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const rule = rules.get(name);
      return [name, rule ? converted(formOf(rule).schema, value, stepsPerEpoch) : value];
    }),
  );
}

const isEpochs = (schema: Json): boolean => (schema as { readonly pattern?: Json } | null)?.pattern === epochsPattern;

/** The fewest steps that alternatives allow. */
const leastOf = (alternatives: readonly Json[]): number =>
  Math.max(0, ...alternatives.map(each => Number((each as { readonly minimum?: Json } | null)?.minimum ?? 0)));

/** Goes down the schema and the value at once. */
function converted(schema: Json, value: Json, stepsPerEpoch: number): Json {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return value;
  const of = schema as { readonly [keyword: string]: Json };
  if (Array.isArray(of.anyOf)) {
    const epochs = of.anyOf.some(isEpochs) ? epochsIn(value) : undefined;
    if (epochs !== undefined) return Math.max(fromEpochs(epochs, stepsPerEpoch), epochs > 0 ? leastOf(of.anyOf) : 0);
    return of.anyOf.reduce((inner, each) => converted(each, inner, stepsPerEpoch), value);
  }
  if (Array.isArray(value)) return value.map(item => converted(of.items ?? true, item, stepsPerEpoch));
  if (typeof value !== 'object' || value === null || of.type !== 'object') return value;
  const properties = new Map<string, Json>(Object.entries((of.properties ?? {}) as object));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, converted(properties.get(name) ?? true, inner, stepsPerEpoch)]),
  );
}
