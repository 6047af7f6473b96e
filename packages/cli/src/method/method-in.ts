import { EspalierError, type MethodDefinition, type OptionData, requireDefinition } from '@espalier/core';
import { createdMethod, definedMethod, type KnownMethod } from './known-method.js';
import { MethodUnusableError, wordsOf } from './method-error.js';

/** What was imported. */
export type Exports = { readonly [name: string]: unknown };

/**
 * The method in a module: of its `definitions` the only one or the one that is named, else a definition, a creator or a
 * method object that it exports.
 *
 * @param reference - What was written, for the message.
 * @param exported - What the module exports.
 * @param wanted - Name after `#`, if there was one.
 * @throws {@link MethodUnusableError} if there is none, or more than one and none is named.
 */
export function methodIn(reference: string, exported: Exports, wanted?: string): KnownMethod {
  if (exported.definitions !== undefined) return definedIn(reference, exported.definitions, wanted);
  const usable = Object.entries(exported).filter(([, value]) => isUsable(value));
  const names = [...new Set(usable.map(([name]) => name))];
  const [found] = usable.filter(([name]) => (wanted === undefined ? isMeant(name, names) : name === wanted));
  if (found) return methodOf(reference, found[1]);
  const there = names.length === 0 ? 'It exports no method' : `It exports ${names.join(', ')}`;
  const remedy =
    names.length === 0
      ? 'Export an array definitions, a creator (a function from options to a method) or a method.'
      : `Name one of them, as in ${reference.split('#')[0]}#${names[0]}.`;
  throw new MethodUnusableError(reference, `${there}${wanted === undefined ? '' : `, not ${wanted}`}. ${remedy}`);
}

function definedIn(reference: string, definitions: unknown, wanted: string | undefined): KnownMethod {
  if (!Array.isArray(definitions) || definitions.length === 0) {
    throw new MethodUnusableError(reference, 'Its export definitions is no array of definitions.');
  }
  const all = definitions.map((each: unknown, i) => checked(reference, each, `definitions[${i}]`));
  const names = all.map(({ name }) => name);
  const found = wanted === undefined && all.length === 1 ? all[0] : all.find(({ name }) => name === wanted);
  if (found) return definedMethod(reference, found);
  const why = wanted === undefined ? `It has ${all.length} methods` : `It has no method ${wanted}`;
  throw new MethodUnusableError(
    reference,
    `${why}: ${names.join(', ')}. Name one of them, as in ${reference.split('#')[0]}#${names[0]}.`,
  );
}

function methodOf(reference: string, value: unknown): KnownMethod {
  if (typeof value === 'function') return createdMethod(reference, value as (options: OptionData) => unknown);
  if (isRecord(value) && 'create' in value) return definedMethod(reference, checked(reference, value, 'definition'));
  return createdMethod(reference, () => value);
}

function checked(reference: string, value: unknown, path: string): MethodDefinition {
  try {
    requireDefinition(value, path);
    return value;
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    throw new MethodUnusableError(reference, wordsOf(error), { cause: error });
  }
}

/** The default export comes before all others; else there must be only one. */
function isMeant(name: string, names: readonly string[]): boolean {
  return names.includes('default') ? name === 'default' : names.length === 1;
}

function isUsable(value: unknown): boolean {
  return typeof value === 'function' || (isRecord(value) && ('create' in value || 'specification' in value));
}

function isRecord(value: unknown): value is Exports {
  return typeof value === 'object' && value !== null;
}
