import { EspalierError, nearestName } from '@espalier/core';

/** No model has the name that was asked for. */
export class UnknownModelError extends EspalierError {
  override readonly name = 'UnknownModelError';
  readonly code = 'UNKNOWN_MODEL';

  /**
   * @param model - The name that was asked for.
   * @param known - Names that exist.
   */
  constructor(
    readonly model: string,
    readonly known: readonly string[],
  ) {
    const meant = nearestName(model, known);
    const remedy = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    super(`There is no model ${JSON.stringify(model)}.${remedy} Choose one of: ${known.join(', ')}.`);
  }
}
