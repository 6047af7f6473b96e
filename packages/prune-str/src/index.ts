/**
 * STR, soft threshold weight reparameterization: {@link softThreshold}, and {@link predictThreshold} to see before a
 * run whether its thresholds will move.
 *
 * @packageDocumentation
 */
export { definitions } from './definitions.js';
export { type PredictThresholdOptions, predictThreshold } from './predict-threshold.js';
export { softThreshold } from './soft-threshold.js';
export type { SoftThresholdOptions } from './soft-threshold-options.js';
export type { ThresholdFunction } from './threshold-function.js';
