import type { Json } from '@espalier/core';
import { type Path, type Problem, pathText, shown } from '../schema/problem.js';
import { isKeywords, type Keywords } from '../schema/schema-problems.js';
import { arithmetic, ExpressionProblem, expressionIn } from './expression.js';

/** Names of lists of modifiers; every other entry at the top of a recipe is a variable. */
export const isModifiers = (name: string): boolean => name.endsWith('modifiers');

/**
 * A recipe in which every `eval(…)` has become its value, by the variables at its top.
 *
 * @param at - Where it stands, for problems.
 */
export function evaluated(recipe: Keywords, problems: Problem[], at: Path = []): Keywords {
  const variables = new Map(Object.entries(recipe).filter(([name]) => !isModifiers(name)));
  const open = new Set<string>();

  const variable = (name: string): number => {
    const value = variables.get(name);
    if (typeof value === 'number') return value;
    const expression = typeof value === 'string' ? expressionIn(value) : undefined;
    if (value === undefined) throw new ExpressionProblem(`there is no variable ${name} at the top of the recipe`);
    if (expression === undefined) throw new ExpressionProblem(`the variable ${name} is ${shown(value)}, not a number`);
    if (open.has(name)) throw new ExpressionProblem(`the variable ${name} is defined by itself`);
    open.add(name);
    const found = arithmetic(expression, variable);
    open.delete(name);
    variables.set(name, found);
    return found;
  };

  const inside = (value: Json, path: Path): Json => {
    if (Array.isArray(value)) return value.map((item, i) => inside(item, [...path, i]));
    if (isKeywords(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inside(inner, [...path, name])]));
    }
    const expression = typeof value === 'string' ? expressionIn(value) : undefined;
    if (expression === undefined) return value;
    open.clear();
    try {
      return arithmetic(expression, variable);
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      const message = `${pathText(path)} is ${shown(value)}, which has no value: ${error.message}. It may have numbers, variables, + - * / and parentheses.`;
      problems.push({ path, message });
      return 0;
    }
  };
  return inside(recipe, at) as Keywords;
}
