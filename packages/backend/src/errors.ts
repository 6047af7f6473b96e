import { EspalierError } from '@espalier/core';
import type { BackendName, PassedOver } from './types.js';

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
export class BackendUnavailableError extends EspalierError {
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
export class UnknownBackendError extends EspalierError {
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
    super(
      `There is no backend ${typeof backend === 'string' ? JSON.stringify(backend) : `of type ${typeof backend}`}. Use "auto" or one of: ${known.join(', ')}.`,
    );
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
export class NoBackendError extends EspalierError {
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
