import type { BackendName, PassedOver } from './types.js';

const marker = Symbol.for('espalier.Error');

/**
 * Base of every error that this package throws on purpose.
 *
 * @example Tell our errors from others by their stable code.
 * ```ts
 * import { BackendError, useBackend } from '@espalier/backend';
 *
 * try {
 *   await useBackend('webgpu');
 * } catch (error) {
 *   if (!BackendError.isInstance(error)) throw error;
 *   console.log(error.code, error.message);
 * }
 * ```
 */
export abstract class BackendError extends Error {
  /** Stable identifier, safe to switch on; messages may be reworded in a patch release. */
  abstract readonly code: string;

  /**
   * @param message - What is wrong, where, and what to do about it.
   * @param options - The error behind this one, as `cause`.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, marker, { value: true });
  }

  /**
   * True for an error thrown on purpose by any Espalier package, where `instanceof` would miss a second installed copy.
   *
   * @param error - Anything that was thrown.
   * @returns Whether the value carries the mark of Espalier's errors, and with it a `code`.
   */
  static isInstance(error: unknown): error is BackendError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

/**
 * A backend that was asked for by name cannot be used here; `reason` says why, `remedy` what would help.
 *
 * @example The reason and the remedy are fields as well as text.
 * ```ts
 * import { BackendUnavailableError } from '@espalier/backend';
 *
 * const error = new BackendUnavailableError('wasm', 'the package is not installed', 'Install it.');
 * console.log(error.code, error.reason, error.remedy);
 * ```
 */
export class BackendUnavailableError extends BackendError {
  /** Name of the class. */
  override readonly name = 'BackendUnavailableError';
  /** Always `BACKEND_UNAVAILABLE`. */
  readonly code = 'BACKEND_UNAVAILABLE';

  /**
   * @param backend - The backend that was asked for.
   * @param reason - Why it cannot be used, one line without a full stop.
   * @param remedy - What to do about it, a sentence.
   */
  constructor(
    readonly backend: BackendName,
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`The backend "${backend}" cannot be used: ${reason}. ${remedy}`);
  }
}

/**
 * A name given to {@link useBackend} is none of the known ones.
 *
 * @example The message lists the names that exist.
 * ```ts
 * import { UnknownBackendError } from '@espalier/backend';
 *
 * console.log(new UnknownBackendError('cuda', ['wasm', 'cpu']).message);
 * ```
 */
export class UnknownBackendError extends BackendError {
  /** Name of the class. */
  override readonly name = 'UnknownBackendError';
  /** Always `UNKNOWN_BACKEND`. */
  readonly code = 'UNKNOWN_BACKEND';

  /**
   * @param backend - What was asked for.
   * @param known - The names that would do.
   */
  constructor(
    readonly backend: string,
    readonly known: readonly string[],
  ) {
    super(`There is no backend "${backend}". Use "auto" or one of: ${known.join(', ')}.`);
  }
}

/**
 * Not one backend can be used; `passedOver` holds the reason for each.
 *
 * @example Show why each backend was passed over.
 * ```ts
 * import { NoBackendError } from '@espalier/backend';
 *
 * const error = new NoBackendError([{ name: 'cpu', reason: '@tensorflow/tfjs-backend-cpu is not installed' }]);
 * for (const { name, reason } of error.passedOver) console.log(name, reason);
 * ```
 */
export class NoBackendError extends BackendError {
  /** Name of the class. */
  override readonly name = 'NoBackendError';
  /** Always `NO_BACKEND`. */
  readonly code = 'NO_BACKEND';

  /** @param passedOver - Every backend with the reason why it cannot be used. */
  constructor(readonly passedOver: readonly PassedOver[]) {
    super(
      `No TensorFlow.js backend can be used: ${passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}. ` +
        'Install one, for example: npm install @tensorflow/tfjs-backend-wasm',
    );
  }
}

/**
 * An option is out of its range.
 *
 * @example The option's name is a field.
 * ```ts
 * import { InvalidOptionError } from '@espalier/backend';
 *
 * console.log(new InvalidOptionError('shardBytes', 0, 'an integer of at least 1').message);
 * ```
 */
export class InvalidOptionError extends BackendError {
  /** Name of the class. */
  override readonly name = 'InvalidOptionError';
  /** Always `INVALID_OPTION`. */
  readonly code = 'INVALID_OPTION';

  /**
   * @param option - Name of the option.
   * @param value - What was given.
   * @param expected - What would have been right, as a noun phrase.
   */
  constructor(
    readonly option: string,
    readonly value: unknown,
    readonly expected: string,
  ) {
    super(`Option "${option}" is ${JSON.stringify(value) ?? String(value)}, but must be ${expected}.`);
  }
}
