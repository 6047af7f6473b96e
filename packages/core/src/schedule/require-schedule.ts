import { InvalidOptionError } from '../errors/option-errors.js';

/**
 * Refuses anything that is not a schedule.
 *
 * @param option - Name of the option, for the message.
 * @param value - What was given.
 * @throws {@link InvalidOptionError} if it is no function.
 *
 * @example
 * ```ts
 * import { cosine, requireSchedule } from '@espalier/core';
 *
 * requireSchedule('schedule', cosine({ from: 0.1, start: 0, end: 100 })); // returns; 'cosine' would throw
 * ```
 */
export function requireSchedule(option: string, value: unknown): void {
  if (typeof value === 'function') return;
  const expected =
    'a schedule, a function from a position to a value such as cosine({ from: 0.1, start: 0, end: 100 }) makes';
  throw new InvalidOptionError(option, value, expected);
}
