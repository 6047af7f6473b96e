import { InvalidOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import { withDataForm } from '../options/data-form.js';
import type { OptionRules } from '../options/option-rule.js';
import { type OptionData, optionsFromData, optionsSchema } from '../options/options-data.js';
import { rules } from '../options/rules.js';
import { nearestName } from '../text/nearest-name.js';
import type { Distribution } from './distribution.js';
import { erdosRenyi, erdosRenyiKernel } from './erdos-renyi.js';
import { global } from './global.js';
import { lamp } from './lamp.js';
import type { LayerRules } from './layer-rules.js';
import { requireDistribution } from './require-distribution.js';
import { uniform } from './uniform.js';
import { uniformPlus } from './uniform-plus.js';
import { withRules } from './with-rules.js';
import { sparsitiesRule } from './written-sparsity.js';

/** The distributions that recipes and command lines know by name. */
const byName: ReadonlyMap<string, Distribution> = new Map(
  Object.entries({ global, uniform, uniformPlus, erdosRenyi, erdosRenyiKernel, lamp }),
);

/** Names of the distributions, as recipes and command lines write them. */
export const distributionNames: readonly string[] = [...byName.keys()];

/** A distribution with exceptions, written as data. */
interface WrittenRules {
  readonly base: string;
  readonly dense?: readonly string[] | undefined;
  readonly sparsity?: LayerRules['sparsity'];
  readonly atLeast?: number | undefined;
}

const name = rules.oneOf(...distributionNames);
const writtenRules: OptionRules<WrittenRules> = {
  base: name,
  dense: rules.optional(rules.list(rules.text)),
  sparsity: rules.optional(sparsitiesRule),
  atLeast: rules.optional(rules.integer({ from: 0 })),
};

/**
 * The distribution that is written in a recipe: its name, or `{ base, dense, sparsity, atLeast }` for one
 * {@link withRules}. A layer's sparsity is a number, or `{ times, plus, atMost }` of the overall one:
 * `min(times · overall + plus, atMost)`.
 *
 * @param written - What stands there.
 * @param option - Name of the option, for the message.
 * @throws {@link InvalidOptionError} if it is neither; it says which name was most likely meant.
 * @throws {@link UnknownOptionError} if there is another rule.
 *
 * @example
 * ```ts
 * import { distributionFromData } from '@espalier/core';
 *
 * distributionFromData('erdosRenyiKernel'); // the function erdosRenyiKernel
 * distributionFromData({ base: 'uniform', dense: ['conv1/kernel'] });
 * ```
 */
export function distributionFromData(written: Json, option = 'distribution'): Distribution {
  if (typeof written === 'object' && written !== null && !Array.isArray(written)) {
    const { base, ...exceptions } = optionsFromData(writtenRules, written as OptionData, option);
    return withRules(byName.get(base) ?? global, exceptions);
  }
  const found = typeof written === 'string' ? byName.get(written) : undefined;
  if (found) return found;
  const meant = typeof written === 'string' ? nearestName(written, distributionNames) : undefined;
  const remedy = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new InvalidOptionError(option, written, `one of ${distributionNames.join(', ')}${remedy}`);
}

withDataForm(
  requireDistribution,
  { anyOf: [{ enum: distributionNames }, optionsSchema(writtenRules)] },
  (option, written) => distributionFromData(written, option),
);
