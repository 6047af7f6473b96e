/**
 * Movement pruning (Sanh, Wolf & Rush 2020), written outside Espalier.
 *
 * @packageDocumentation
 */
export { type MovementOptions, movement } from './movement.js';
