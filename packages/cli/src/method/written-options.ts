import { parseArgs } from 'node:util';
import type { Json, OptionData } from '@espalier/core';
import { UsageError } from '../errors.js';
import { yamlValue } from '../options/yaml-value.js';

const name = /^[a-zA-Z][a-zA-Z0-9]*$/;

/**
 * The options of a method that stand on a command line as `--option name=value`, with dots for nested ones
 * (`cadence.every=50`). Values are YAML, of which JSON is a part.
 *
 * @param rawArgs - What was written after the command's name.
 * @throws {@link UsageError} if one has not that form or is given twice.
 */
export function writtenOptions(rawArgs: readonly string[]): OptionData {
  const { values } = parseArgs({
    args: [...rawArgs],
    options: { option: { type: 'string', multiple: true } },
    strict: false,
    allowPositionals: true,
  });
  const options: Record<string, Json> = {};
  for (const written of values.option ?? []) if (typeof written === 'string') put(options, written);
  return options;
}

function put(options: Record<string, Json>, written: string): void {
  const [path = '', ...rest] = written.split('=');
  const names = path.trim().split('.');
  if (rest.length === 0 || !names.every(each => name.test(each))) {
    throw new UsageError(`--option is "${written}", but must be name=value, such as cadence.every=50.`);
  }
  let place = options;
  for (const outer of names.slice(0, -1)) {
    const inner = Object.hasOwn(place, outer) ? place[outer] : {};
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) throw twice(path);
    const own: Record<string, Json> = { ...(inner as OptionData) };
    place[outer] = own;
    place = own;
  }
  const last = names.at(-1) ?? '';
  if (Object.hasOwn(place, last)) throw twice(path);
  place[last] = yamlValue(`--option ${path}`, rest.join('='));
}

function twice(path: string): UsageError {
  return new UsageError(`--option ${path} is given twice.`);
}
