import type { Distribution } from './distribution.js';

/** The distribution under a name for reports, since functions made by functions have none. */
export function named(name: string, distribution: Distribution, partial = false): Distribution {
  Object.defineProperty(distribution, 'name', { value: name });
  return partial ? Object.assign(distribution, { partial }) : distribution;
}
