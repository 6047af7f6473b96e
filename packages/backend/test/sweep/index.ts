import type { Family } from './case.js';
import { elementwise } from './elementwise.js';
import { networks } from './networks.js';
import { reductions } from './reductions.js';
import { shapes } from './shapes.js';
import { specialValues } from './special-values.js';

export type { Case, Family } from './case.js';
export { difference, outcomeOn } from './compare.js';
export { guardHeap } from './guarded-heap.js';
export { Random } from './random.js';

/** Every family of cases by name. */
export const families: Readonly<Record<string, Family>> = {
  ...elementwise,
  ...reductions,
  ...shapes,
  ...networks,
  ...specialValues,
};
