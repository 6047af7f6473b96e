import { parseArgs } from 'node:util';
import { EspalierError } from '../errors/espalier-error.js';
import { rules } from '../options/rules.js';
import { nearestName } from '../text/nearest-name.js';

/** A command line asks for something that does not exist or does not fit together. Exit code 2. */
export class UsageError extends EspalierError {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/**
 * Options of a command by name: those of type `boolean` take no value, those of type `positional` have no name on the
 * command line, and with `many` there may be any number of them.
 */
export type ArgumentDefinitions = Readonly<
  Record<string, { readonly type?: string | undefined; readonly many?: boolean | undefined }>
>;

/**
 * Refuses what parsers of command lines let pass: options that the command does not have, options given twice, without
 * their value or with one that they do not take, and arguments for which there is no place.
 *
 * @param definitions - The options and arguments of the command.
 * @param rawArgs - What was written after the command's name.
 * @throws {@link UsageError} naming the first of these; it says which option was most likely meant.
 *
 * @example
 * ```ts
 * import { checkArguments } from '@espalier/core/node';
 *
 * checkArguments({ gpu: { type: 'boolean' } }, ['--gpu']); // returns; --gpus would throw
 * ```
 */
export function checkArguments(definitions: ArgumentDefinitions, rawArgs: readonly string[]): void {
  rules.that('an object of definitions', isObject)('definitions', definitions as never);
  for (const [name, definition] of Object.entries(definitions)) {
    rules.that('an object', isObject)(`definitions.${name}`, definition as never);
  }
  rules.list(rules.that('a text', value => typeof value === 'string'))('rawArgs', rawArgs as never);
  const names = Object.keys(definitions).filter(name => definitions[name]?.type !== 'positional');
  const options = Object.fromEntries(names.map(name => [name, { type: typeOf(definitions, name) } as const]));
  const { tokens } = parseArgs({ args: [...rawArgs], options, strict: false, allowPositionals: true, tokens: true });
  const given = new Set<string>();
  const many = Object.values(definitions).some(({ type, many: any }) => type === 'positional' && any === true);
  const places = many ? Infinity : Object.keys(definitions).length - names.length;
  let positionals = 0;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (token.value === '') throw new UsageError('An argument is empty. See --help.');
      if (++positionals > places)
        throw new UsageError(`There is no place for the argument "${token.value}". See --help.`);
    }
    if (token.kind !== 'option') continue;
    const name = requireOption(token.name, token.rawName, definitions, names);
    if (given.has(name) && definitions[name]?.many !== true) throw new UsageError(`--${name} is given twice.`);
    given.add(name);
    requireValue(token.rawName, token.value, token.inlineValue, typeOf(definitions, name));
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function typeOf(definitions: ArgumentDefinitions, name: string): 'boolean' | 'string' {
  return definitions[name]?.type === 'boolean' ? 'boolean' : 'string';
}

/** Name of the option; `--no-measure` is the option `measure`. */
function requireOption(
  name: string,
  rawName: string,
  definitions: ArgumentDefinitions,
  names: readonly string[],
): string {
  if (rawName.startsWith('--') && names.includes(name)) return name;
  const negation = name.startsWith('no-') ? 'no-' : '';
  const positive = name.slice(negation.length);
  const possible = negation === '' ? names : names.filter(each => typeOf(definitions, each) === 'boolean');
  if (negation !== '' && possible.includes(positive)) return positive;
  const meant = nearestName(positive, possible);
  const remedy = meant === undefined ? 'See --help.' : `Did you mean --${negation}${meant}?`;
  throw new UsageError(`There is no option ${rawName}. ${remedy}`);
}

function requireValue(rawName: string, value: string | undefined, inline: boolean | undefined, type: string): void {
  if (type === 'boolean') {
    if (value === undefined || (!rawName.startsWith('--no-') && (value === 'true' || value === 'false'))) return;
    throw new UsageError(`${rawName} takes no value, but was given "${value}".`);
  }
  if (value === undefined || value === '') throw new UsageError(`${rawName} needs a value.`);
  // What looks like the next option is one whose value was forgotten before it, unless it is a negative number.
  if (inline || !value.startsWith('-') || !Number.isNaN(Number(value))) return;
  throw new UsageError(
    `${rawName} needs a value, but ${value} follows. If that is the value, write ${rawName}=${value}.`,
  );
}
