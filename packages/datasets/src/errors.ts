const marker = Symbol.for('espalier.Error');

/**
 * Base of every error that `@espalier/datasets` throws on purpose.
 *
 * @example Tell bad input from a bug.
 * ```ts
 * import { DatasetsError, parseIdx } from '@espalier/datasets';
 *
 * try {
 *   parseIdx(new Uint8Array(3));
 * } catch (error) {
 *   if (!DatasetsError.isInstance(error)) throw error;
 *   console.log(error.code); // MALFORMED_DATA
 * }
 * ```
 */
export abstract class DatasetsError extends Error {
  /** Stable identifier, safe to switch on; messages may be reworded in a patch release. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, marker, { value: true });
  }

  /**
   * True for errors that an Espalier package threw on purpose, also where `instanceof` would miss a second installed copy.
   *
   * @param error - Anything that was caught.
   */
  static isInstance(error: unknown): error is DatasetsError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

/** An option is out of its range. */
export class InvalidDatasetOptionError extends DatasetsError {
  override readonly name = 'InvalidDatasetOptionError';
  readonly code = 'INVALID_DATASET_OPTION';

  /**
   * @param option - The option's name.
   * @param requirement - What its value has to be.
   * @param value - What it was.
   */
  constructor(
    readonly option: string,
    readonly requirement: string,
    readonly value: unknown,
  ) {
    super(`Option "${option}" must be ${requirement}, but is ${JSON.stringify(value)}.`);
  }
}

/** Bytes are not what their format says they have to be. */
export class MalformedDataError extends DatasetsError {
  override readonly name = 'MalformedDataError';
  readonly code = 'MALFORMED_DATA';

  /**
   * @param source - File or argument that holds the bytes.
   * @param problem - What is wrong with them, a sentence without its full stop.
   * @param options - The error behind it.
   */
  constructor(
    readonly source: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`${source}: ${problem}. Fetch the file again, or check that it is the right one.`, options);
  }
}

/** Input is larger than the caller allows, so it was not read to its end. */
export class DataTooLargeError extends DatasetsError {
  override readonly name = 'DataTooLargeError';
  readonly code = 'DATA_TOO_LARGE';

  /**
   * @param source - File, archive entry or argument that is too large.
   * @param what - What was counted, such as "bytes" or "entries".
   * @param limit - How many are allowed.
   */
  constructor(
    readonly source: string,
    readonly what: string,
    readonly limit: number,
  ) {
    super(`${source} holds more than ${limit} ${what}. If that is right, raise the limit in the options.`);
  }
}

/** No dataset has the name that was asked for. */
export class UnknownDatasetError extends DatasetsError {
  override readonly name = 'UnknownDatasetError';
  readonly code = 'UNKNOWN_DATASET';

  /**
   * @param dataset - The name that was asked for.
   * @param known - Names that exist.
   */
  constructor(
    readonly dataset: string,
    readonly known: readonly string[],
  ) {
    super(`There is no dataset "${dataset}". Choose one of: ${known.join(', ')}.`);
  }
}
