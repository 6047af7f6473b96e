/**
 * WoodFisher: pruning by the second-order saliency of a block-diagonal empirical Fisher matrix, with compensation of
 * the survivors; gradually ({@link woodFisher}) or all at once ({@link oneShotWoodFisher}).
 *
 * @packageDocumentation
 */
export { definitions } from './definitions.js';
export { FisherMemoryError, MissingSamplesError, SingularFisherError } from './errors.js';
export type { FisherBand, FisherForm } from './fisher/band.js';
export { type FisherExecutor, type FisherWork, inThread } from './fisher/executor.js';
export type { FisherProgress } from './fisher/settings.js';
export { type FisherData, type FisherFile, type FisherTask, runFisherTask } from './fisher/task.js';
export { type OneShotWoodFisherOptions, oneShotWoodFisher } from './one-shot.js';
export type { FisherOptions, WoodFisherOptions } from './options.js';
export { woodFisher } from './wood-fisher.js';
