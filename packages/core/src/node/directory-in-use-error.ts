import { EspalierError } from '../errors/espalier-error.js';
import { visiblePath } from './file-error.js';

/** A directory is in use by a run that has not ended. */
export class DirectoryInUseError extends EspalierError {
  override readonly name = 'DirectoryInUseError';
  readonly code = 'DIRECTORY_IN_USE';

  /**
   * @param directory - The directory, as the caller named it.
   * @param pid - Number of the process that holds it.
   * @param since - Since when.
   * @param lock - The file that says so.
   */
  constructor(
    readonly directory: string,
    readonly pid: number,
    readonly since: Date,
    readonly lock: string,
  ) {
    const who = pid === process.pid ? `this process (${pid}) itself` : `process ${pid}`;
    super(
      `The directory "${visiblePath(directory)}" is in use by ${who} since ${since.toISOString()}. Wait until that has ended or end it, or choose another ` +
        `directory. If you know that it has ended, for instance on another machine, remove "${visiblePath(lock)}".`,
    );
  }
}
