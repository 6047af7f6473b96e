import type { Json } from '@espalier/core';
import { parseDocument } from 'yaml';
import { UsageError } from '../errors.js';

/** Longest value. */
const LONGEST = 100_000;

/**
 * A value of an option as YAML has it: a number, true, null, a text, `[a, b]` or `{ a: 1 }`.
 *
 * @param option - What it is the value of, such as `--option cadence.every`.
 * @throws {@link UsageError} if it is no YAML.
 */
export function yamlValue(option: string, written: string): Json {
  if (written.length > LONGEST) throw new UsageError(`${option} has a value of ${written.length} characters.`);
  const document = parseDocument(written, { version: '1.2', schema: 'core', prettyErrors: false });
  const [problem] = document.errors;
  if (problem) throw new UsageError(`${option} has the value "${written}", which is no YAML: ${problem.message}.`);
  try {
    return document.toJS({ maxAliasCount: 0 }) as Json;
  } catch (cause) {
    throw new UsageError(`${option} must not have aliases in its value.`, { cause });
  }
}
