import type { Json } from '@espalier/core';
import type { Path, Problem } from '../schema/problem.js';
import { isKeywords, type Keywords } from '../schema/schema-problems.js';
import { isModifiers } from './evaluated.js';

/** Whether an entry at the top of a recipe is a stage: an object with lists of modifiers. */
export const isStage = (value: Json): value is Keywords => isKeywords(value) && Object.keys(value).some(isModifiers);

/** The lists of modifiers of a recipe, with the variables at its top, and where they stand. */
export interface Stage {
  readonly path: Path;
  readonly recipe: Keywords;
}

/**
 * A recipe as it is, or, if it is one stage, what stands in that. A run has one stage, so that each beside it, or
 * beside modifiers at the top, is a problem.
 */
export function stageOf(recipe: Keywords, problems: Problem[]): Stage {
  const stages = Object.entries(recipe).filter(([, value]) => isStage(value));
  const [only, ...more] = stages;
  if (only && more.length === 0 && !Object.keys(recipe).some(isModifiers)) {
    const [name, stage] = only;
    const variables = Object.entries(recipe).filter(([key]) => key !== name);
    return { path: [name], recipe: { ...Object.fromEntries(variables), ...(stage as Keywords) } };
  }
  for (const [name] of stages) {
    problems.push({
      path: [name],
      name: true,
      message: `${name} is a stage of its own, and a run has one. Put it into a recipe of its own, to follow with --from.`,
    });
  }
  return { path: [], recipe };
}
