/**
 * AC/DC: alternating compressed / decompressed training ({@link acdc}), its table of phases ({@link acdcPhases}), and
 * the dense model that comes with the sparse one ({@link denseTwin}).
 *
 * @packageDocumentation
 */
export { type AcdcOptions, acdc } from './acdc.js';
export { definitions } from './definitions.js';
export { denseTwin, denseTwinSnapshot } from './dense-twin.js';
export { acdcPhases, type Phase, type PhaseKind, type PhaseLengths } from './phases.js';
