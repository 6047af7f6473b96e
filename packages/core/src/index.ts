/**
 * Masks, schedules, distributions, the pruning-method contract and the sparse checkpoint. Imports nothing.
 *
 * The three things people look for:
 *
 * - **mask**: {@link selectMasks}, {@link keepTop}, and the distributions ({@link uniform}, {@link global},
 *   {@link erdosRenyiKernel}, {@link lamp}, …), and {@link nOfM} for N:M patterns;
 * - **scheduler**: {@link Schedule} (a value per position: {@link polynomial}, {@link cosine}, …) and {@link Cadence}
 *   (when something happens: {@link isDue});
 * - **optimizer hook**: {@link PruningMethod}, whose `plan` and `decide` the masked optimizer runs.
 *
 * @packageDocumentation
 */
export * from './checkpoint/index.js';
export * from './definition/index.js';
export * from './distribution/index.js';
export * from './errors/index.js';
export * from './labels/index.js';
export * from './mask/index.js';
export * from './method/index.js';
export * from './normalization/index.js';
export * from './options/index.js';
export * from './random/index.js';
export * from './schedule/index.js';
export { type SelectOptions, selectMasks } from './selection/select-masks.js';
export * from './text/index.js';
export * from './topology/index.js';
