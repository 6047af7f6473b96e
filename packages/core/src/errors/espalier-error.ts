import { visibleText } from '../text/visible-text.js';

const marker = Symbol.for('espalier.Error');

/**
 * Base of every error that Espalier's packages throw on purpose.
 *
 * @example React to one kind of error, whichever copy of the package threw it.
 * ```ts
 * import { EspalierError, keepTop } from '@espalier/core';
 *
 * try {
 *   keepTop(Float32Array.of(1, Number.NaN), 1);
 * } catch (error) {
 *   if (EspalierError.isInstance(error) && error.code === 'NON_FINITE_SCORE') console.log('diverged');
 * }
 * ```
 */
export abstract class EspalierError extends Error {
  /** Stable identifier, safe to switch on; messages may be reworded in a patch release. */
  abstract readonly code: string;

  /**
   * @param message - For people. Names from files may be in it as they are: what a terminal would obey is shown as
   * `\\u001b` instead.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(
      message
        .split('\n')
        .map(line => visibleText(line))
        .join('\n'),
      options,
    );
    Object.defineProperty(this, marker, { value: true });
  }

  /**
   * True for errors of any copy of any Espalier package, where `instanceof` would miss a second installed copy.
   *
   * @param error - Anything that was thrown.
   */
  static isInstance(error: unknown): error is EspalierError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}
