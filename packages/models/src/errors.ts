const marker = Symbol.for('espalier.Error');

/**
 * Base of every error that `@espalier/models` throws on purpose.
 *
 * @example Tell a mistake in the options from a bug.
 * ```ts
 * import { modelByName, ModelsError } from '@espalier/models';
 *
 * try {
 *   modelByName('resnet21');
 * } catch (error) {
 *   if (!ModelsError.isInstance(error)) throw error;
 *   console.log(error.code); // UNKNOWN_MODEL
 * }
 * ```
 */
export abstract class ModelsError extends Error {
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
  static isInstance(error: unknown): error is ModelsError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

/** No model has the name that was asked for. */
export class UnknownModelError extends ModelsError {
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
    super(`There is no model "${model}". Choose one of: ${known.join(', ')}.`);
  }
}

/** An option of a model builder is out of its range. */
export class InvalidModelOptionError extends ModelsError {
  override readonly name = 'InvalidModelOptionError';
  readonly code = 'INVALID_MODEL_OPTION';

  /**
   * @param model - The model that was to be built.
   * @param option - The option's name.
   * @param requirement - What its value has to be.
   * @param value - What it was.
   */
  constructor(
    readonly model: string,
    readonly option: string,
    readonly requirement: string,
    readonly value: unknown,
  ) {
    super(`Option "${option}" of ${model} must be ${requirement}, but is ${JSON.stringify(value)}.`);
  }
}
