/**
 * Checkpoints of a run as numbered files.
 *
 * @packageDocumentation
 */
export { LaterCheckpointError } from './errors.js';
export {
  type CheckpointWarning,
  type FoundCheckpoint,
  type LatestOptions,
  latestCheckpoint,
  latestRules,
} from './latest-checkpoint.js';
export { type SaveOptions, saveCheckpoint } from './save-checkpoint.js';
