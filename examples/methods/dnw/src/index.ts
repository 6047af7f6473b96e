/**
 * Discovering neural wirings (Wortsman et al. 2019), written outside Espalier.
 *
 * @packageDocumentation
 */
export { type DnwOptions, dnw } from './dnw.js';
