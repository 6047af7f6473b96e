import { InvalidOptionError } from '../errors/option-errors.js';
import { nearestName } from '../text/nearest-name.js';

const names = ['uniform', 'uniformPlus', 'global', 'lamp', 'erdosRenyi', 'erdosRenyiKernel'];

/**
 * Refuses anything that is not a distribution, above all the name of one.
 *
 * @param option - Name of the option, for the message.
 * @param value - What was given.
 * @throws {@link InvalidOptionError} if it is no function; it says which function a name most likely stands for.
 *
 * @example
 * ```ts
 * import { requireDistribution, uniform } from '@espalier/core';
 *
 * requireDistribution('distribution', uniform); // returns; 'uniform' would throw
 * ```
 */
export function requireDistribution(option: string, value: unknown): void {
  if (typeof value === 'function') return;
  const meant = typeof value === 'string' ? nearestName(value, names) : undefined;
  const remedy = meant === undefined ? `such as ${names.join(', ')}` : `here ${meant}, without quotes`;
  throw new InvalidOptionError(
    option,
    value,
    `a distribution. Distributions are functions of @espalier/core, ${remedy}`,
  );
}
