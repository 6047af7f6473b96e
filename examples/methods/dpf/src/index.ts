/**
 * Dynamic model pruning with feedback (Lin et al. 2020), written outside Espalier.
 *
 * @packageDocumentation
 */
export { type DpfOptions, dpf } from './dpf.js';
