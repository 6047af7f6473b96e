import { EspalierError } from '@espalier/core';

/** A plan was used after it was disposed of. */
export class PlanDisposedError extends EspalierError {
  override readonly name = 'PlanDisposedError';
  readonly code = 'PLAN_DISPOSED';

  constructor() {
    super('This plan was disposed of, so it has no memory any more. Compile the model again, or dispose of it later.');
  }
}

/** The input of a run does not suit the plan. */
export class InvalidInputError extends EspalierError {
  override readonly name = 'InvalidInputError';
  readonly code = 'INVALID_INPUT';

  /** @param reason - What is wrong and what would be right, in full sentences. */
  constructor(readonly reason: string) {
    super(`This input cannot be run. ${reason}`);
  }
}

/** A thread of a plan died, trapped or stopped answering. The plan cannot be used any more. */
export class ThreadLostError extends EspalierError {
  override readonly name = 'ThreadLostError';
  readonly code = 'THREAD_LOST';

  /** @param reason - What became of it, without a full stop. */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`A thread of this plan was lost: ${reason}. Dispose of the plan and compile the model again.`, options);
  }
}

/** Threads were asked for where there are none. */
export class ThreadsUnavailableError extends EspalierError {
  override readonly name = 'ThreadsUnavailableError';
  readonly code = 'THREADS_UNAVAILABLE';

  /** @param reason - Why, without a full stop. */
  constructor(readonly reason: string) {
    super(
      `Threads cannot be started: ${reason}. In browsers, serve the page with Cross-Origin-Opener-Policy: same-origin and ` +
        'Cross-Origin-Embedder-Policy: require-corp, and allow blob: in the policy for workers; or compile with threads: 1.',
    );
  }
}
