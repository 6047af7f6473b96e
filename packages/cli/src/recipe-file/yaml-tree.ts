import type { Json } from '@espalier/core';
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import { type Path, type Problem, pathText, shown } from '../schema/problem.js';
import { RecipeError } from './recipe-error.js';
import { type Entry, located, type Position, placeKey } from './recipe-source.js';

/** Data out of YAML, and the place of everything in it. */
export interface YamlTree {
  readonly value: Json;
  readonly places: ReadonlyMap<string, Entry>;
}

/** Deepest nesting, and most entries with those that aliases repeat. */
const DEEPEST = 50;
const MOST = 20_000;

/** Most aliases: to follow one, the whole text is looked through. */
const MOST_ALIASES = 200;

/** Tags of YAML's own whose values JSON has too. */
const known = new Set(['map', 'seq', 'str', 'null', 'bool', 'int', 'float'].map(name => `tag:yaml.org,2002:${name}`));

/** How a text is read. */
interface Reading {
  readonly text: string;
  readonly file: string;
  /** Line and column of an offset. */
  readonly at: (offset: number) => Position;
}

/**
 * Makes plain data of a document: aliases and merge keys (`<<`) are followed, within bounds; the items of modifiers may
 * have a tag of their own (`!GMPruningModifier`), which becomes their `type`.
 *
 * @throws {@link RecipeError} if it holds what JSON has not (other tags, NaN), or too much.
 */
export function yamlTree(document: Document, { file, text, at }: Reading): YamlTree {
  const places = new Map<string, Entry>();
  const problems: Problem[] = [];
  let [entries, aliases] = [0, 0];

  const plain = (node: unknown, path: Path, name?: Position): Json => {
    const key = placeKey(path);
    const { range, tag } = node as Node;
    const begin = range?.[0] ?? 0;
    // A tag stands before what it belongs to.
    const first = tag?.startsWith('!') ? text.lastIndexOf(tag, begin) : begin;
    if (!places.has(key)) places.set(key, { name, value: at(first < 0 ? begin : first) });
    const refuse = (message: string): null => {
      problems.push({ path, message });
      return null;
    };
    if (path.length > DEEPEST) return refuse(`It is nested deeper than ${DEEPEST} levels.`);
    if (++entries > MOST) {
      if (entries === MOST + 1) refuse(`It has more than ${MOST} entries, with those that aliases repeat.`);
      return null;
    }
    if (isAlias(node)) {
      if (++aliases > MOST_ALIASES)
        return aliases === MOST_ALIASES + 1 ? refuse(`It has more than ${MOST_ALIASES} aliases.`) : null;
      const target = node.resolve(document);
      return target ? plain(target, path) : refuse(`There is no anchor &${shown(node.source)} before this alias.`);
    }
    if (isMap(node)) {
      const type = typeOf(tag, path);
      if (tag !== undefined && !known.has(tag) && type === undefined) refuse(unknownTag(tag));
      const made: Record<string, Json> = Object.create(null);
      if (type !== undefined) made.type = type;
      const own = new Set<string>();
      for (const pair of node.items) if (isPair(pair)) put(made, pair.key, pair.value, path, own);
      return Object.fromEntries(Object.entries(made));
    }
    if (tag !== undefined && !known.has(tag)) return refuse(unknownTag(tag));
    if (isSeq(node)) return node.items.map((item, i) => plain(item, [...path, i]));
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return refuse(`${pathText(path)} is ${shown(value)}, but must be a finite number.`);
    }
    return value === undefined || typeof value === 'bigint' ? null : (value as Json);
  };

  /** An entry of a mapping, or those that a merge key brings along: they stand behind the mapping's own. */
  const put = (made: Record<string, Json>, key: unknown, value: unknown, path: Path, own: Set<string>): void => {
    const target = isAlias(key) ? key.resolve(document) : key;
    const place = key !== null && typeof key === 'object' ? at((key as Node).range?.[0] ?? 0) : undefined;
    if (!isScalar(target)) {
      problems.push({ path, message: `A name${path.length > 0 ? ` in ${pathText(path)}` : ''} must be a text.` });
      return;
    }
    const name = String(target.value);
    const inner = [...path, name];
    if (name === '<<') {
      const merged = plain(value, inner, place);
      const sources = Array.isArray(merged) ? merged : [merged];
      for (const source of sources as readonly Json[]) {
        if (typeof source !== 'object' || source === null || Array.isArray(source)) {
          problems.push({ path: inner, message: '<< must be a mapping, an alias of one, or a list of them.' });
        } else for (const [each, it] of Object.entries(source)) if (!(each in made)) made[each] = it;
      }
      return;
    }
    if (name === '__proto__') {
      problems.push({ path: inner, name: true, message: 'There is no option "__proto__".' });
      return;
    }
    if (own.has(name)) {
      problems.push({ path: inner, name: true, message: `${pathText(inner)} is given twice, here and before.` });
      places.set(placeKey(inner), { name: place, value: place ?? at(0) });
      return;
    }
    own.add(name);
    made[name] = value === null ? null : plain(value, inner, place);
    places.set(placeKey(inner), { name: place, value: places.get(placeKey(inner))?.value ?? place ?? at(0) });
  };

  const value = plain(document.contents, []);
  if (problems.length > 0) {
    throw new RecipeError(
      file,
      problems.map(problem => located({ places }, problem)),
    );
  }
  return { value, places };
}

/** The type that a tag gives an item of modifiers: `!GMPruningModifier` or `!pytorch.GMPruningModifier`. */
function typeOf(tag: string | undefined, path: Path): string | undefined {
  const inModifiers = path.some(part => typeof part === 'string' && part.endsWith('modifiers'));
  if (tag === undefined || known.has(tag) || !inModifiers || !/^![A-Za-z][\w.]*$/.test(tag)) return undefined;
  return tag.slice(1);
}

function unknownTag(tag: string): string {
  return `The tag ${shown(tag)} means nothing in a recipe. Only the items of modifiers have tags, such as !GMPruningModifier.`;
}
