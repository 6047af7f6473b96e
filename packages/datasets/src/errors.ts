import { EspalierError, nearestName } from '@espalier/core';

/**
 * Bytes are not what their format says they have to be.
 *
 * @example Tell bad input from a bug.
 * ```ts
 * import { EspalierError } from '@espalier/core';
 * import { parseIdx } from '@espalier/datasets';
 *
 * try {
 *   parseIdx(new Uint8Array(3));
 * } catch (error) {
 *   if (!EspalierError.isInstance(error)) throw error;
 *   console.log(error.code); // MALFORMED_DATA
 * }
 * ```
 */
export class MalformedDataError extends EspalierError {
  override readonly name = 'MalformedDataError';
  readonly code = 'MALFORMED_DATA';

  /**
   * @param source - File or argument that holds the bytes.
   * @param problem - What is wrong with them, a sentence without its full stop.
   * @param options - The error behind it, and what to do.
   */
  constructor(
    readonly source: string,
    readonly problem: string,
    options: MalformedDataOptions = {},
  ) {
    const { remedy = 'Fetch the file again, or check that it is the right one.' } = options;
    super(`${source}: ${problem}. ${remedy}`, options);
  }
}

/** Options of {@link MalformedDataError}. */
export interface MalformedDataOptions extends ErrorOptions {
  /**
   * What to do about it, a sentence.
   *
   * @defaultValue To fetch the file again, or check that it is the right one.
   */
  readonly remedy?: string | undefined;
}

/** Input is larger than the caller allows, so it was not read to its end. */
export class DataTooLargeError extends EspalierError {
  override readonly name = 'DataTooLargeError';
  readonly code = 'DATA_TOO_LARGE';

  /**
   * @param source - File, archive entry or argument that is too large.
   * @param what - What was counted, such as "bytes" or "entries".
   * @param limit - How many are allowed.
   * @param option - The option that sets the limit; `undefined` if none does.
   */
  constructor(
    readonly source: string,
    readonly what: string,
    readonly limit: number,
    readonly option: string | undefined,
  ) {
    const remedy = option === undefined ? '' : ` If that is right, raise the option "${option}".`;
    super(`${source} needs more than ${limit} ${what}, which is the limit.${remedy}`);
  }
}

/** No dataset has the name that was asked for. */
export class UnknownDatasetError extends EspalierError {
  override readonly name = 'UnknownDatasetError';
  readonly code = 'UNKNOWN_DATASET';
  /** The name that was most likely meant; absent if none is near. */
  readonly suggestion?: string;

  /**
   * @param dataset - The name that was asked for.
   * @param known - Names that exist.
   */
  constructor(
    readonly dataset: string,
    readonly known: readonly string[],
  ) {
    const suggestion = typeof dataset === 'string' ? nearestName(dataset, known) : undefined;
    const remedy = `${suggestion === undefined ? '' : `Did you mean "${suggestion}"? `}Choose one of: ${known.join(', ')}.`;
    super(`There is no dataset ${JSON.stringify(String(dataset))}. ${remedy}`);
    if (suggestion !== undefined) this.suggestion = suggestion;
  }
}
