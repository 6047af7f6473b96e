import type { Json } from '@espalier/core';
import { type Path, type Problem, pathText, shown, wrongValue } from '../schema/problem.js';
import { isKeywords, type Keywords, unknownName } from '../schema/schema-problems.js';

/** Fields that say what is logged, and nothing about the run. */
const aboutLogs = ['constant_logging', 'log_types'];

/** Reads the fields of a modifier: each is asked for once, and what nobody asked for is a problem. */
export class Modifier {
  readonly #asked = new Set<string>(aboutLogs);

  constructor(
    /** Its class without a framework in front, such as `GMPruningModifier`. */
    readonly type: string,
    readonly path: Path,
    readonly fields: Keywords,
    readonly problems: Problem[],
  ) {}

  /** Where a field stands; the whole if it does not. */
  at(name: string): Path {
    return Object.hasOwn(this.fields, name) ? [...this.path, name] : this.path;
  }

  refuse(name: string, message: string): void {
    this.problems.push({ path: this.at(name), message: `${this.type}: ${message}` });
  }

  /** The written value, for fields of their own kind; `null` is the same as left out. */
  value(name: string): Json | undefined {
    this.#asked.add(name);
    return Object.hasOwn(this.fields, name) ? (this.fields[name] ?? undefined) : undefined;
  }

  /** A number, also one that is written as a text; NaN, after it was refused. */
  number(name: string, { least = -Infinity, most = Infinity, otherwise }: NumberField = {}): number {
    const written = this.value(name);
    if (written === undefined && otherwise !== undefined) return otherwise;
    const number = typeof written === 'string' && written.trim() !== '' ? Number(written) : written;
    if (typeof number === 'number' && Number.isFinite(number) && number >= least && number <= most) return number;
    const bounds = [
      Number.isFinite(least) ? ` of at least ${least}` : '',
      Number.isFinite(most) ? ` of at most ${most}` : '',
    ];
    const expected = `a number${bounds.filter(Boolean).join(' and')}`;
    if (written === undefined) this.refuse(name, `There is no ${name}, which must be ${expected}.`);
    else this.problems.push(wrongValue(this.at(name), written, expected));
    return Number.NaN;
  }

  /** Refuses every value of a field but some, with the reason. */
  only(name: string, allowed: readonly Json[], reason: string): void {
    const written = this.value(name);
    if (written !== undefined && !allowed.includes(written)) {
      this.problems.push({
        path: this.at(name),
        message: `${pathText(this.at(name))} is ${shown(written)}: ${reason}`,
      });
    }
  }

  /** Refuses what nobody asked for. */
  close(): void {
    const known = [...this.#asked].filter(name => !aboutLogs.includes(name));
    for (const name of Object.keys(this.fields)) {
      if (!this.#asked.has(name)) this.problems.push(unknownName([...this.path, name], known));
    }
  }
}

/** What a number must be, and what it is if it is left out; without that it must be given. */
export interface NumberField {
  readonly least?: number;
  readonly most?: number;
  readonly otherwise?: number;
}

/**
 * All modifiers of all lists, in order: a tag, `type`, or the only name of an item says the class.
 *
 * @param at - Where the lists stand.
 */
export function modifiersOf(recipe: Keywords, problems: Problem[], at: Path = []): Modifier[] {
  return Object.entries(recipe)
    .filter(([name]) => name.endsWith('modifiers'))
    .flatMap(([name, list]): Modifier[] => {
      if (Array.isArray(list)) return list.flatMap((item, i) => modifierOf(item, [...at, name, i], problems));
      if (isKeywords(list)) {
        return Object.entries(list).flatMap(([type, fields]) =>
          modifierOf({ [type]: fields }, [...at, name], problems),
        );
      }
      problems.push(wrongValue([...at, name], list, 'a list of modifiers'));
      return [];
    });
}

function modifierOf(item: Json, path: Path, problems: Problem[]): Modifier[] {
  const expected = 'a modifier: "!GMPruningModifier" with its fields, or an object with a type';
  if (!isKeywords(item)) {
    problems.push(wrongValue(path, item, expected));
    return [];
  }
  const { type, ...fields } = item;
  const plain = (name: string): string => name.split('.').at(-1) ?? name;
  if (typeof type === 'string') return [new Modifier(plain(type), path, fields, problems)];
  const [only, ...more] = Object.entries(item);
  if (only && more.length === 0 && type === undefined && (isKeywords(only[1]) || only[1] === null)) {
    return [new Modifier(plain(only[0]), [...path, only[0]], only[1] ?? {}, problems)];
  }
  problems.push(wrongValue(path, item, expected));
  return [];
}
