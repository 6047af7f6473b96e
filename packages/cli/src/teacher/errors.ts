import { EspalierError } from '@espalier/core';

/** The teacher of a run is not the network any more that it was started with. */
export class TeacherChangedError extends EspalierError {
  override readonly name = 'TeacherChangedError';
  readonly code = 'TEACHER_CHANGED';

  /** @param path - Its file, or the directory of its run. */
  constructor(readonly path: string) {
    super(
      `${path}: its weights are not those that the run learned from so far, so that it would not go on as it began. Bring them back, or ` +
        'start a new run with another --out.',
    );
  }
}

/** A network cannot teach another one. */
export class TeacherMismatchError extends EspalierError {
  override readonly name = 'TeacherMismatchError';
  readonly code = 'TEACHER_MISMATCH';

  /**
   * @param path - Its file, or the directory of its run.
   * @param found - What is in its way, a clause.
   * @param remedy - What to do, a sentence.
   */
  constructor(
    readonly path: string,
    found: string,
    remedy: string,
  ) {
    super(`The network in ${path} cannot teach this one: ${found}. ${remedy}`);
  }
}
