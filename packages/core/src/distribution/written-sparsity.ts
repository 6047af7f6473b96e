import { InvalidOptionError } from '../errors/option-errors.js';
import { requireSparsity } from '../mask/count.js';
import type { Json } from '../method/json.js';
import { type DataForm, withDataForm } from '../options/data-form.js';
import type { OptionRule, OptionRules } from '../options/option-rule.js';
import { type OptionData, optionsFromData, optionsSchema } from '../options/options-data.js';
import { rules } from '../options/rules.js';

type Sparsities = Readonly<Record<string, number | ((overall: number) => number)>>;

/** How a layer follows the overall sparsity, written as data. */
interface Following {
  readonly times?: number | undefined;
  readonly plus?: number | undefined;
  readonly atMost?: number | undefined;
}

const followingRules: OptionRules<Following> = {
  times: rules.optional(rules.number({ from: 0 })),
  plus: rules.optional(rules.number({ from: -1, below: 1 })),
  atMost: rules.optional(requireSparsity),
};

/** The largest number below 1. */
const belowOne = 1 - Number.EPSILON / 2;

/**
 * Sparsities by layer. As data, a number is a fraction, and `{ times, plus, atMost }` follows the overall sparsity:
 * `min(times · overall + plus, atMost)`, with 1, 0 and no limit for what is left out. What comes to less than 0
 * is 0, and what comes to 1 or more is the largest number below it.
 */
export const sparsitiesRule: OptionRule & { readonly data: DataForm } = withDataForm(
  (option: string, value: unknown): void => {
    if (!isRecord(value)) throw new InvalidOptionError(option, value, 'an object of sparsities by layer');
    for (const [layer, sparsity] of Object.entries(value)) {
      if (typeof sparsity !== 'function') requireSparsity(`${option}["${layer}"]`, sparsity as number);
    }
  },
  {
    type: 'object',
    additionalProperties: {
      anyOf: [{ type: 'number', minimum: 0, exclusiveMaximum: 1 }, optionsSchema(followingRules)],
    },
  },
  (option, written) =>
    isRecord(written)
      ? Object.fromEntries(
          Object.entries(written).map(([layer, value]) => [layer, sparsityFrom(`${option}["${layer}"]`, value)]),
        )
      : written,
);

function sparsityFrom(option: string, written: Json): Sparsities[string] {
  if (!isRecord(written)) return written as number;
  const { times = 1, plus = 0, atMost = belowOne } = optionsFromData(followingRules, written as OptionData, option);
  return overall => Math.max(0, Math.min(times * overall + plus, atMost));
}

const isRecord = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
