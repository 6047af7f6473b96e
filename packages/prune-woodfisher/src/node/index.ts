/**
 * Worker threads for WoodFisher in Node, and a file for what does not fit into memory ({@link workerExecutor}).
 *
 * @packageDocumentation
 */
export { FisherDiskError, FisherWorkerError } from './errors.js';
export { type WorkerExecutorOptions, workerExecutor } from './worker-executor.js';
