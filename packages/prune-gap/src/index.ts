/**
 * Scheduled grow-and-prune (GaP): one partition of the layers is dense at a time, all others are sparse. {@link gap}
 * goes through the partitions in one run (C-GaP); {@link parallelGap}, {@link combine} and {@link pruneCheckpoint}
 * train them as copies that are put together after each round (P-GaP).
 *
 * @packageDocumentation
 */
export { byBlock, convStages, transformerBlocks } from './by-block.js';
export { byName } from './by-name.js';
export { combine } from './combine.js';
export { contiguous } from './contiguous.js';
export { definitions } from './definitions.js';
export { PartitionError } from './errors.js';
export { type GapOptions, gap } from './gap.js';
export type { PartitionedOptions } from './options.js';
export { type ParallelGapOptions, parallelGap } from './parallel-gap.js';
export type { PartitionRule } from './partition-rule.js';
export { type PruneCheckpointOptions, pruneCheckpoint } from './prune-checkpoint.js';
