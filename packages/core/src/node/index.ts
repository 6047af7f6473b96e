/**
 * Checkpoints as files, for Node.js.
 *
 * @packageDocumentation
 */
export { type CheckpointFileLimits, readCheckpoint, writeCheckpoint } from './checkpoint-file.js';
export { FileAccessError } from './file-error.js';
export { writeFileAtomic } from './write-file-atomic.js';
