import { isAbsolute } from 'node:path';

/** What is done to a file or directory when the operating system refuses it. */
export type FileAction = 'read' | 'write' | 'create directory' | 'list' | 'remove';

const isMade = (action: FileAction): boolean => action === 'write' || action === 'create directory';

const elsewhere = 'choose another path.';

/** What to do, by what was tried, and whether the path starts at the working directory. */
type Remedy = (action: FileAction, relative: boolean) => string;

/** The system's codes: what happened, as a clause, and what to do about it, as a sentence. */
const reasons: ReadonlyMap<string, readonly [what: string, remedy: string | Remedy]> = new Map([
  [
    'ENOENT',
    [
      'there is no such file or directory.',
      (action, relative) =>
        isMade(action)
          ? 'The directory that it is to lie in must exist: create that first, or choose another path.'
          : `Check the path${relative ? ', which starts at the working directory' : ''}.`,
    ],
  ],
  ['EEXIST', ['something else of that name is there.', `Move that away, or ${elsewhere}`]],
  ['ENOTDIR', ['a part of the path is not a directory.', `Move away the file that stands there, or ${elsewhere}`]],
  ['EISDIR', ['it is a directory.', 'Name a file.']],
  ['ENOTEMPTY', ['the directory is not empty.', `Move away what is in it, or ${elsewhere}`]],
  ['EACCES', ['permission denied.', `Give this user the right to do that, or ${elsewhere}`]],
  ['EPERM', ['the operation is not permitted.', `Give this user the right to do that, or ${elsewhere}`]],
  ['EROFS', ['the file system is read-only.', 'Choose a path on another file system.']],
  ['ENOSPC', ['the disk is full.', 'Make room, or choose a path on another disk.']],
  ['EDQUOT', ['the disk quota is used up.', 'Make room, or choose a path on another disk.']],
  ['EFBIG', ['the file would be larger than the system allows.', 'Raise the limit (ulimit -f), or write less.']],
  ['EMFILE', ['this process has too many files open.', 'Raise the limit (ulimit -n), or do less at the same time.']],
  ['ENFILE', ['the system has too many files open.', 'Close other programs, or try again later.']],
  ['ENAMETOOLONG', ['the path, or a name in it, is too long.', 'Choose a shorter one.']],
  ['ELOOP', ['its symbolic links lead in a circle.', 'Mend the links, or name the file itself.']],
  ['EXDEV', ['it is on another file system than what should be moved there.', 'Choose a path on the same disk.']],
  ['EBUSY', ['it is in use.', `Close what uses it or is mounted there, or ${elsewhere}`]],
  ['ETXTBSY', ['it is a program that runs.', `End that, or ${elsewhere}`]],
  [
    'EIO',
    [
      'the disk, the connection to it or the device behind it did not answer.',
      'Check that the path is a regular file and the disk is sound, then try again.',
    ],
  ],
  ['ENXIO', ['there is no device behind it.', 'Name a regular file.']],
  ['ENODEV', ['there is no device behind it.', 'Name a regular file.']],
  ['EINVAL', ['the file system does not take that.', `Check the path, or ${elsewhere}`]],
  ['ENOTSUP', ['the file system cannot do that.', 'Choose a path on another file system.']],
  ['ENOSYS', ['the file system cannot do that.', 'Choose a path on another file system.']],
  ['ENOMEM', ['the system has no memory left.', 'Close other programs, or do less at the same time.']],
  ['ESTALE', ['the file server has replaced it.', 'Try again.']],
  ['ETIMEDOUT', ['the file server does not answer.', 'Try again later.']],
  ['ERR_INVALID_ARG_VALUE', ['a null character (\\0) is in the path.', 'No file has such a name: take it out.']],
  ['ERR_NOT_REGULAR_FILE', ['it is a pipe or a device.', 'Name a regular file.']],
  ['ERR_FS_FILE_TOO_LARGE', ['it is larger than the 2 GiB that Node.js reads at once.', 'Read it in parts.']],
]);

/** Other names that systems and Node.js give to some of them. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['ERR_FS_EISDIR', 'EISDIR'],
  ['EOPNOTSUPP', 'ENOTSUP'],
]);

/**
 * The code of an error that the operating system or Node.js threw for a file, such as `ENOENT`; `undefined` of anything
 * else.
 */
export function systemCodeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  const { code, systemCode } = cause as { readonly code?: unknown; readonly systemCode?: unknown };
  return [systemCode, code].find(value => typeof value === 'string' && isSystemCode(value)) as string | undefined;
}

function isSystemCode(code: string): boolean {
  return /^E[A-Z0-9]+$/.test(code) || reasons.has(code) || aliases.has(code);
}

/** What happened and what to do about it, in sentences; the cause's own message if its code is not known. */
export function systemReasonOf(cause: unknown, action: FileAction): string {
  const code = systemCodeOf(cause) ?? '';
  const known = reasons.get(aliases.get(code) ?? code);
  if (!known) return cause instanceof Error ? cause.message : String(cause);
  const [what, remedy] = known;
  const { path } = cause as { readonly path?: unknown };
  const relative = typeof path === 'string' && !isAbsolute(path);
  return `${what} ${typeof remedy === 'string' ? remedy : remedy(action, relative)}`;
}
