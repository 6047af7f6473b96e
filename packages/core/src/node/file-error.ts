import { EspalierError } from '../errors/espalier-error.js';
import { type FileAction, systemCodeOf, systemReasonOf } from './system-reasons.js';

/**
 * A file or directory could not be read, written, created, listed or removed: missing, forbidden, in the way, no space.
 *
 * Every function that touches files wraps what the operating system refuses in this one error; {@link withFileErrors}
 * does it for a whole stretch of code.
 */
export class FileAccessError extends EspalierError {
  override readonly name = 'FileAccessError';
  readonly code = 'FILE_ACCESS';
  /** The operating system's own code, such as `ENOENT` or `ENOSPC`, if there is one. */
  readonly systemCode: string | undefined;

  /**
   * @param path - The file or directory, as the caller named it.
   * @param action - What was tried.
   * @param cause - What Node.js threw; kept as `cause`.
   */
  constructor(
    readonly path: string,
    readonly action: FileAction,
    cause: unknown,
  ) {
    super(`Cannot ${verbs[action]} "${visiblePath(path)}": ${systemReasonOf(cause, action)}`, { cause });
    this.systemCode = systemCodeOf(cause);
  }
}

const verbs: Readonly<Record<FileAction, string>> = {
  read: 'read',
  write: 'write',
  'create directory': 'create the directory',
  list: 'list the directory',
  remove: 'remove',
};

/** A path as it can be shown: characters that a terminal would obey and nobody would see are written as escapes. */
export function visiblePath(path: string): string {
  return path.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, found => `\\u{${found.codePointAt(0)?.toString(16)}}`);
}
