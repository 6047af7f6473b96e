/**
 * SNIP (Lee et al. 2019), written outside Espalier.
 *
 * @packageDocumentation
 */
export { type SnipOptions, snip } from './snip.js';
