import { EspalierError, InvalidOptionError, type OptionData, UnknownOptionError } from '@espalier/core';
import { placeOf, type Shortcuts } from '../method/given-options.js';
import type { KnownMethod } from '../method/known-method.js';
import { loadMethod } from '../method/load-method.js';
import { givenSchema } from '../schema/given-schema.js';
import { type Path, pathText } from '../schema/problem.js';
import { schemaProblems } from '../schema/schema-problems.js';
import { keyOf } from './option-rules.js';
import { placeKey, refuseRecipe } from './recipe-source.js';
import type { AskedFor } from './with-recipe.js';

/** Where options of the method stand in a recipe. */
const optionsPath: Path = ['method', 'options'];

/** What is wrong with an option is told with its place in the recipe, unless the command line has it. */
export function inRecipe<Result>(asked: AskedFor, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw placed(asked, error);
  }
}

/**
 * The method that is asked for, once the options that a recipe gives it are checked.
 *
 * @throws {@link RecipeError} if the recipe names none, or one of its options will not do.
 */
export async function askedMethod(asked: AskedFor, reference = 'magnitude'): Promise<KnownMethod> {
  const method = await loadMethod(reference).catch(error => {
    throw placed(asked, error);
  });
  const { recipe, recipeOptions, fromRecipe } = asked;
  if (!recipe || !method.definition) return method;
  const problems = schemaProblems(givenSchema(method.definition), recipeOptions, optionsPath);
  for (const flag of ['sparsity', 'distribution', 'start', 'end', 'every'] as const satisfies (keyof Shortcuts)[]) {
    const place = fromRecipe.has(flag) ? placeOf(method, flag) : undefined;
    if (place && recipe.source.places.has(placeKey([...optionsPath, ...place]))) {
      problems.push({
        path: [flag],
        name: true,
        message: `Give ${flag} or method.options.${place.join('.')}, not both.`,
      });
    }
  }
  return problems.length > 0 ? refuseRecipe(recipe.source, problems) : method;
}

/** Refuses options of the command line that the method does not take, before anything is loaded. */
export function requireWritten({ definition }: KnownMethod, written: OptionData): void {
  if (!definition) return;
  const [problem] = schemaProblems(givenSchema(definition), written);
  if (!problem) return;
  const { path, known, value, expected = '' } = problem;
  const option = pathText(path);
  if (!known) throw new InvalidOptionError(option, value, expected);
  const outer = option.slice(0, option.length - String(path.at(-1)).length);
  throw new UnknownOptionError(
    option,
    known.map(name => outer + name),
  );
}

function placed({ recipe, recipeOptions, fromRecipe }: AskedFor, error: unknown): unknown {
  if (!recipe || !EspalierError.isInstance(error)) return error;
  const refuse = (path: Path, message: string): unknown => {
    try {
      return refuseRecipe(recipe.source, [{ path, message }], { cause: error });
    } catch (refused) {
      return refused;
    }
  };
  if (error instanceof InvalidOptionError || error instanceof UnknownOptionError) {
    const path = error.option.split(/[.[\]]+/).filter(Boolean);
    const [outer = ''] = path;
    return Object.hasOwn(recipeOptions, outer) ? refuse([...optionsPath, ...path], error.message) : error;
  }
  const named = [...error.message.matchAll(/--([a-z][a-z-]*)/g)].map(([, name = '']) => name);
  const [option] = named.filter(name => fromRecipe.has(name));
  if (error.code !== 'USAGE' || option === undefined || option !== named[0]) return error;
  const words = error.message.replace(/--([a-z][a-z-]*)/g, (flag, name: string) =>
    fromRecipe.has(name) ? keyOf(name) : flag,
  );
  return refuse(option === 'method' ? ['method'] : [keyOf(option)], words);
}
