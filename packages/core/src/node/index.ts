/**
 * Files for Node.js: checkpoints, atomic writing, and the one error for what the operating system refuses.
 *
 * @packageDocumentation
 */
export { type ArgumentDefinitions, checkArguments, UsageError } from './check-arguments.js';
export {
  type CheckpointFileLimits,
  checkpointFileLimitRules,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint-file.js';
export { DirectoryInUseError } from './directory-in-use-error.js';
export { FileAccessError } from './file-error.js';
export { type DirectoryLock, type LockOptions, lockDirectory } from './lock-directory.js';
export { makeDirectory } from './make-directory.js';
export { hasEnded, ownIdentity, type ProcessIdentity } from './process-identity.js';
export { openRegularFile, type RegularFile } from './regular-file.js';
export { type FileAction, systemCodeOf, systemReasonOf } from './system-reasons.js';
export { removeLeftovers, temporaryPath } from './temporary-files.js';
export { withFileErrors } from './with-file-errors.js';
export { writeFileAtomic } from './write-file-atomic.js';
