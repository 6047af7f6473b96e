import { EspalierError } from '@espalier/core';

/** What `--method` names was found, but it is no method that can be used. */
export class MethodUnusableError extends EspalierError {
  override readonly name = 'MethodUnusableError';
  readonly code = 'METHOD_UNUSABLE';

  /**
   * @param reference - What was named: a file or a package.
   * @param reason - What is wrong with it, as a sentence with the remedy.
   */
  constructor(
    readonly reference: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The method ${reference} cannot be used. ${reason}`, options);
  }
}

/** What a module or a function of somebody else threw, as a sentence. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
