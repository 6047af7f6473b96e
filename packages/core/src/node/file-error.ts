import { EspalierError } from '../errors/espalier-error.js';

/** A file could not be read or written: missing, forbidden, no space. */
export class FileAccessError extends EspalierError {
  override readonly name = 'FileAccessError';
  readonly code = 'FILE_ACCESS';
  /** The operating system's own code, such as `ENOENT` or `ENOSPC`, if there is one. */
  readonly systemCode: string | undefined;

  /**
   * @param path - The file, as the caller named it.
   * @param action - What was tried: `read` or `write`.
   * @param cause - What Node.js threw; kept as `cause`.
   */
  constructor(
    readonly path: string,
    readonly action: 'read' | 'write',
    cause: unknown,
  ) {
    super(`Cannot ${action} "${path}": ${reasonOf(cause)}`, { cause });
    this.systemCode = systemCodeOf(cause);
  }
}

const explanations: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or directory.'],
  ['EACCES', 'permission denied.'],
  ['EPERM', 'the operation is not permitted.'],
  ['EISDIR', 'it is a directory.'],
  ['ENOTDIR', 'a part of the path is not a directory.'],
  ['ENOSPC', 'the disk is full.'],
  ['EROFS', 'the file system is read-only.'],
]);

export function systemCodeOf(cause: unknown): string | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function reasonOf(cause: unknown): string {
  return explanations.get(systemCodeOf(cause) ?? '') ?? (cause instanceof Error ? cause.message : String(cause));
}
