import { UsageError } from '../errors.js';
import { type ParsedOptions, text } from './read.js';

const units: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ...['k', 'm', 'g', 't'].flatMap((letter, index): [string, number][] => [
    [letter, 1024 ** (index + 1)],
    [`${letter}b`, 1000 ** (index + 1)],
    [`${letter}ib`, 1024 ** (index + 1)],
  ]),
]);

/** A number of bytes with or without a unit (`512MB`, `2GiB`, `1g`), or `undefined` if it was left out. */
export function bytes(given: ParsedOptions, name: string): number | undefined {
  const written = text(given, name);
  if (written === undefined) return undefined;
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(written) ?? [];
  const count = Math.floor(Number(digits) * (units.get(unit.toLowerCase()) ?? Number.NaN));
  if (digits !== '' && Number.isSafeInteger(count) && count >= 1) return count;
  throw new UsageError(
    `--${name} is "${written}", but must be a number of bytes of at least 1, such as 512MB or 2GiB.`,
  );
}
