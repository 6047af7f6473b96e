/**
 * Magnitude pruning: the entries with the smallest absolute value are masked, gradually ({@link magnitude}) or all at
 * once ({@link oneShotMagnitude}).
 *
 * @packageDocumentation
 */
export { type MagnitudeOptions, magnitude } from './magnitude.js';
export { type OneShotMagnitudeOptions, oneShotMagnitude } from './one-shot.js';
