import { EspalierError } from '@espalier/core';

/** Something that is wrong in a recipe, and where; lines and columns are counted from 1, and absent for modules. */
export interface RecipeProblem {
  /** Names from the outermost in, such as `method.options.cadence.every`; empty for the whole. */
  readonly path: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** What is wrong and what would be right, sentences. */
  readonly message: string;
}

/** Most problems that are told at once. */
const MOST = 20;

/** A recipe is none, or asks for what cannot be done. */
export class RecipeError extends EspalierError {
  override readonly name = 'RecipeError';
  readonly code = 'INVALID_RECIPE';

  /**
   * @param recipe - Its file, or `preset:NAME`.
   * @param problems - All that is wrong with it, at least one.
   * @param options - The error behind it.
   */
  constructor(
    readonly recipe: string,
    readonly problems: readonly RecipeProblem[],
    options?: ErrorOptions,
  ) {
    super(linesOf(recipe, problems).join('\n'), options);
  }
}

function linesOf(recipe: string, problems: readonly RecipeProblem[]): string[] {
  const lines = problems.slice(0, MOST).map(({ line, column, message }) => {
    const place = line === undefined ? recipe : `${recipe}:${line}:${column}`;
    return `${place.replaceAll('\n', '\\n')}: ${message.replaceAll('\n', '\\n')}`;
  });
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `… and ${more} more.`] : lines;
}
