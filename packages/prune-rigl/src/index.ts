/**
 * Dynamic sparse training: the network is sparse while it trains, and its connections move. {@link rigl} grows by
 * gradient, {@link set} at random, {@link staticSparse} not at all; {@link granet} prunes gradually and regenerates.
 *
 * @packageDocumentation
 */
export { definitions } from './definitions.js';
export type { Anneal, DropFractionOptions } from './drop-fraction.js';
export { granet } from './granet.js';
export type { GraNetOptions } from './granet-options.js';
export type { SparseInitOptions } from './random-masks.js';
export { type RigLOptions, rigl } from './rigl.js';
export { type SetOptions, set } from './set.js';
export { type StaticSparseOptions, staticSparse } from './static-sparse.js';
