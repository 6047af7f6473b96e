import { nearestName } from '../text/nearest-name.js';
import { EspalierError } from './espalier-error.js';

/** An option has an impossible value. Thrown when the thing is created, never in mid-training. */
export class InvalidOptionError extends EspalierError {
  override readonly name = 'InvalidOptionError';
  readonly code = 'INVALID_OPTION';

  /**
   * @param option - Name of the option, with its path if nested, e.g. `cadence.every`.
   * @param value - What was given.
   * @param expected - What would have been right, as a noun phrase.
   */
  constructor(
    readonly option: string,
    readonly value: unknown,
    readonly expected: string,
  ) {
    super(`Option "${String(option)}" is ${show(value)}, but must be ${expected}.`);
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `the bigint ${value}`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}

/**
 * There is no option of that name. Thrown before anything is done, so that a misspelled option is never taken for its
 * default.
 */
export class UnknownOptionError extends EspalierError {
  override readonly name = 'UnknownOptionError';
  readonly code = 'UNKNOWN_OPTION';
  /** The option that was most likely meant; absent if none is near. */
  readonly suggestion?: string;

  /**
   * @param option - The name that is not known, with its path if nested, e.g. `cadence.evry`.
   * @param known - The names that are.
   */
  constructor(
    readonly option: string,
    readonly known: readonly string[],
  ) {
    // The path is the same in all of them and would make any two names alike.
    const path = option.slice(0, (known[0]?.lastIndexOf('.') ?? -1) + 1);
    const own = (name: string): string => name.slice(path.length);
    const meant = nearestName(own(option), known.map(own));
    const suggestion = meant === undefined ? undefined : path + meant;
    const remedy = suggestion === undefined ? `Known: ${known.join(', ') || 'none'}.` : `Did you mean "${suggestion}"?`;
    super(`There is no option ${JSON.stringify(option)}. ${remedy}`);
    if (suggestion !== undefined) this.suggestion = suggestion;
  }
}

/** Something names a layer that is not among the prunable weights. */
export class UnknownLayerError extends EspalierError {
  override readonly name = 'UnknownLayerError';
  readonly code = 'UNKNOWN_LAYER';

  /**
   * @param layer - The name that is not known.
   * @param known - The names that are.
   * @param where - What named it, e.g. `masks of the decision`.
   */
  constructor(
    readonly layer: string,
    readonly known: readonly string[],
    readonly where: string,
  ) {
    super(
      `There is no prunable weight "${layer}" (named in ${where}). Known: ${known.slice(0, 8).join(', ') || 'none'}` +
        `${known.length > 8 ? ` and ${known.length - 8} more` : ''}.`,
    );
  }
}

/** Two things that must have the same shape have not. */
export class ShapeMismatchError extends EspalierError {
  override readonly name = 'ShapeMismatchError';
  readonly code = 'SHAPE_MISMATCH';

  /**
   * @param what - The thing with the wrong shape, e.g. `mask of "conv1/kernel"`.
   * @param actual - Its shape or length.
   * @param expected - The shape or length it must have.
   */
  constructor(
    readonly what: string,
    readonly actual: readonly number[],
    readonly expected: readonly number[],
  ) {
    super(`The ${what} has shape [${actual.join(', ')}], but [${expected.join(', ')}] is needed.`);
  }
}
