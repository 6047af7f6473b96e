import { type Json, nearestName } from '@espalier/core';
import { rangeOf } from '../method/range-of.js';
import { type Path, type Problem, pathText, shown, wrongValue } from './problem.js';

/** A JSON Schema that is no boolean. */
export type Keywords = { readonly [keyword: string]: Json };

/**
 * What a JSON Schema has against a value: everything, each with its place and what would be right. It knows the
 * keywords that the rules of options give (`type`, `enum`, `const`, `anyOf`, `properties`, `required`,
 * `patternProperties`, `additionalProperties`, `items`, `contains`, bounds, `pattern`, lengths), and agrees with every
 * validator about them.
 */
export function schemaProblems(schema: Json, value: Json, path: Path = []): Problem[] {
  if (schema === true || schema === undefined) return [];
  if (!isKeywords(schema)) return [wrongValue(path, value, 'left out')];
  if (Array.isArray(schema.anyOf)) return noneOf(schema, schema.anyOf, value, path);
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) {
    const names = schema.enum.filter(each => typeof each === 'string');
    const meant = typeof value === 'string' ? nearestName(value, names) : undefined;
    return [wrongValue(path, value, rangeOf(schema), meant)];
  }
  if ('const' in schema && schema.const !== value) return [wrongValue(path, value, rangeOf(schema))];
  if (!hasType(schema.type, value)) return [wrongValue(path, value, rangeOf(schema))];
  if (typeof value === 'number') return inBounds(schema, value) ? [] : [wrongValue(path, value, rangeOf(schema))];
  if (typeof value === 'string') return isText(schema, value) ? [] : [wrongValue(path, value, rangeOf(schema))];
  if (Array.isArray(value)) {
    const { contains } = schema;
    if (contains !== undefined && !value.some(item => schemaProblems(contains, item).length === 0)) {
      return [wrongValue(path, value, `${rangeOf(schema)}, one of which is ${rangeOf(contains)}`)];
    }
    const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
    if (value.length < least) return [wrongValue(path, value, `${rangeOf(schema)}, at least ${least} of them`)];
    return value.flatMap((item, i) => schemaProblems(schema.items ?? true, item, [...path, i]));
  }
  return isKeywords(value) ? objectProblems(schema, value, path) : [];
}

function objectProblems(schema: Keywords, value: Keywords, path: Path): Problem[] {
  const properties = new Map(Object.entries(isKeywords(schema.properties) ? schema.properties : {}));
  const patterns = Object.entries(isKeywords(schema.patternProperties) ? schema.patternProperties : {});
  const known = [...properties.keys()];
  const missing = (Array.isArray(schema.required) ? schema.required : []).filter(
    name => typeof name === 'string' && !Object.hasOwn(value, name),
  );
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`;
  return [
    ...missing.map(name => ({
      path,
      message: `There is no ${name}${where}, which must be given.`,
      expected: `an object with ${name}`,
      value,
    })),
    ...Object.entries(value).flatMap(([name, inner]): Problem[] => {
      const at = [...path, name];
      const property = properties.get(name);
      if (property !== undefined) return schemaProblems(property, inner, at);
      const alike = patterns.filter(([pattern]) => new RegExp(pattern, 'u').test(name));
      if (alike.length > 0) return alike.flatMap(([, each]) => schemaProblems(each, inner, at));
      const rest = schema.additionalProperties ?? true;
      return rest === false ? [unknownName(at, known)] : schemaProblems(rest, inner, at);
    }),
  ];
}

/** A name that nobody reads. */
export function unknownName(path: Path, known: readonly string[]): Problem {
  const name = String(path.at(-1));
  const where = path.length === 1 ? '' : ` in ${pathText(path.slice(0, -1))}`;
  const meant = nearestName(name, known);
  const remedy = meant === undefined ? `Known: ${known.join(', ') || 'none'}.` : `Did you mean ${meant}?`;
  return { path, name: true, known, message: `There is no option ${shown(name)}${where}. ${remedy}` };
}

/** What is wrong if no alternative takes the value: of the one that was most likely meant, where that can be told. */
function noneOf(schema: Keywords, alternatives: readonly Json[], value: Json, path: Path): Problem[] {
  const problems = alternatives.map(each => schemaProblems(each, value, path));
  if (problems.some(({ length }) => length === 0)) return [];
  const alike = alternatives.filter(each => isKeywords(each) && hasType(each.type, value));
  if (typeof value === 'object' && value !== null) {
    const meant = alike.filter(each => isKeywords(each) && saysTheSame(each, value));
    const [only] = meant.length > 0 ? meant : alike;
    if (only !== undefined && (meant.length === 1 || alike.length === 1)) return schemaProblems(only, value, path);
    const name = discriminatorOf(alike);
    if (name !== undefined && isKeywords(value) && Object.hasOwn(value, name)) {
      const names = alike.flatMap(each => fixedText(each, name) ?? []);
      const wrong = schemaProblems({ enum: names }, value[name] as Json, [...path, name]);
      if (wrong.length > 0) return wrong;
    }
    const least = alike.map(each => schemaProblems(each, value, path)).sort((one, other) => one.length - other.length);
    if (least[0]) return least[0];
  }
  const names = alternatives.flatMap(each => (isKeywords(each) && Array.isArray(each.enum) ? each.enum : []));
  const texts = names.filter(each => typeof each === 'string');
  const meant = typeof value === 'string' ? nearestName(value, texts) : undefined;
  return [wrongValue(path, value, rangeOf(schema), meant)];
}

/** Whether all texts that an alternative fixes stand in the value, and there are any. */
function saysTheSame(alternative: Keywords, value: Json): boolean {
  if (!isKeywords(value) || !isKeywords(alternative.properties)) return false;
  const fixed = Object.keys(alternative.properties).filter(name => fixedText(alternative, name) !== undefined);
  return fixed.length > 0 && fixed.every(name => value[name] === fixedText(alternative, name));
}

/** The name of the property by which alternatives differ, such as `shape`. */
function discriminatorOf(alternatives: readonly Json[]): string | undefined {
  const [first] = alternatives;
  if (!isKeywords(first) || !isKeywords(first.properties)) return undefined;
  return Object.keys(first.properties).find(name => alternatives.every(each => fixedText(each, name) !== undefined));
}

function fixedText(alternative: Json, name: string): string | undefined {
  const properties = isKeywords(alternative) ? alternative.properties : undefined;
  const property = isKeywords(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!isKeywords(property)) return undefined;
  const [only, ...rest] = Array.isArray(property.enum) ? property.enum : [property.const];
  return typeof only === 'string' && rest.length === 0 ? only : undefined;
}

function hasType(type: Json | undefined, value: Json): boolean {
  switch (type) {
    case 'number':
      return Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isKeywords(value);
    case 'null':
      return value === null;
    case undefined:
      return true;
    default:
      return typeof value === type;
  }
}

function inBounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Keywords, value: number): boolean {
  return (
    value >= ((minimum as number | undefined) ?? -Infinity) &&
    value <= ((maximum as number | undefined) ?? Infinity) &&
    value > ((exclusiveMinimum as number | undefined) ?? -Infinity) &&
    value < ((exclusiveMaximum as number | undefined) ?? Infinity)
  );
}

function isText({ pattern, minLength, not }: Keywords, value: string): boolean {
  if (typeof minLength === 'number' && [...value].length < minLength) return false;
  if (isKeywords(not) && Array.isArray(not.enum) && not.enum.includes(value)) return false;
  return typeof pattern !== 'string' || new RegExp(pattern, 'u').test(value);
}

/** True for objects of JSON. */
export function isKeywords(value: Json | undefined): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
