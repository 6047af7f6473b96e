import type { GraphNode } from './graph.js';

/** Longest axis, window, stride, dilation and padding. */
export const maximumLength: number = 2 ** 24;

/** True for integers from `least` to the longest length. */
export const inRange = (value: unknown, least: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= maximumLength;

const withTwo: readonly GraphNode['kind'][] = ['add', 'multiply', 'subtract', 'maximum', 'minimum'];

/** True for nodes that take two values entry by entry. */
export const takesTwo = (kind: GraphNode['kind']): boolean => withTwo.includes(kind);
