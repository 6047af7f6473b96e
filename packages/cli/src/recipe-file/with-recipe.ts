import type { OptionData } from '@espalier/core';
import { type ParsedOptions, text } from '../options/read.js';
import { type CheckedRecipe, checkedRecipe } from './checked-recipe.js';
import { readRecipe } from './read-recipe.js';
import { recipeArguments, recipeMethod } from './recipe-arguments.js';

/** What is asked for by a command line and its recipe together. */
export interface AskedFor {
  /** Options; those of the command line stand in the place of the recipe's. */
  readonly given: ParsedOptions;
  /** Options of the method that the recipe has, below those of the command line. */
  readonly recipeOptions: OptionData;
  /** The recipe, if there is one. */
  readonly recipe: CheckedRecipe | undefined;
  /** Names of the options that only the recipe gives. */
  readonly fromRecipe: ReadonlySet<string>;
}

/** Options that say the same in different ways: where the command line has one, none of the recipe's holds. */
const alternatives: readonly { readonly given: readonly string[]; readonly dropped: readonly string[] }[] = [
  { given: ['epochs', 'steps'], dropped: ['epochs', 'steps'] },
  { given: ['from', 'model'], dropped: ['from', 'model', 'weights'] },
  { given: ['weights'], dropped: ['from'] },
  { given: ['data'], dropped: ['dataset'] },
  {
    given: ['dataset'],
    dropped: ['data', 'test-fraction', 'size', 'resize', 'interpolation', 'skip-damaged', 'augment'],
  },
];

/**
 * Reads the recipe that `--recipe` names and puts the options of the command line over it.
 *
 * @throws {@link RecipeError} if it is none, with the places of all that is wrong.
 */
export async function withRecipe(given: ParsedOptions, say: (line: string) => void): Promise<AskedFor> {
  const file = text(given, 'recipe');
  if (file === undefined) return { given, recipeOptions: {}, recipe: undefined, fromRecipe: new Set() };
  const recipe = checkedRecipe(await readRecipe(file, say));
  const method = recipeMethod(recipe);
  const written: Record<string, unknown> = { ...recipeArguments(recipe), ...(method === undefined ? {} : { method }) };
  for (const { given: names, dropped } of alternatives) {
    if (names.some(name => given[name] !== undefined)) for (const name of dropped) delete written[name];
  }
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  // Another method than the recipe's does not take the options of that.
  const sameMethod = own.method === undefined || (own.method as unknown) === method;
  return {
    given: { ...written, ...own } as ParsedOptions,
    recipeOptions: sameMethod ? recipe.options : {},
    recipe,
    fromRecipe: new Set(Object.keys(written).filter(name => !Object.hasOwn(own, name))),
  };
}
