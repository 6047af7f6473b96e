import type { Json } from '@espalier/core';
import { visibleText } from '@espalier/core';

/** Names and numbers from the outermost place in. */
export type Path = readonly (string | number)[];

/** What is wrong with a value that stands somewhere in data. */
export interface Problem {
  readonly path: Path;
  /** Whether the name is wrong, so that its place is the name's. */
  readonly name?: boolean | undefined;
  /** What is wrong and what would be right, sentences. */
  readonly message: string;
  /** Of a wrong name: the names that there are beside it. */
  readonly known?: readonly string[] | undefined;
  /** Of a wrong value: what it is, and a noun phrase for what would have been right. */
  readonly value?: Json | undefined;
  readonly expected?: string | undefined;
}

/** A path as people write it: `method.options.cadence.every`, `include[0]`. */
export function pathText(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

/** Longest value and list of names in a message. */
const LONGEST = 60;

/** A value in a message: short, on one line, with everything in it to be seen. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string') return visibleText(JSON.stringify(value), LONGEST);
  return visibleText(String(value), LONGEST);
}

/** A value that is not what it must be. */
export function wrongValue(path: Path, value: Json, expected: string, meant?: string): Problem {
  const remedy = meant === undefined ? '' : ` Did you mean ${meant}?`;
  const what = path.length === 0 ? 'This' : pathText(path);
  const message = `${what} is ${shown(value)}, but must be ${expected}.${remedy}`;
  return { path, message, value, expected: meant === undefined ? expected : `${expected}; did you mean ${meant}?` };
}
