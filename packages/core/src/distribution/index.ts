export type { Distribution, ScoredLayer } from './distribution.js';
export { distributionFromData, distributionNames } from './distribution-data.js';
export {
  type ErdosRenyiOptions,
  type ErdosRenyiSolution,
  erdosRenyi,
  erdosRenyiKernel,
  erdosRenyiOf,
  solveErdosRenyi,
} from './erdos-renyi.js';
export { global } from './global.js';
export { lamp, lampScores } from './lamp.js';
export type { LayerRules } from './layer-rules.js';
export { proportional } from './proportional.js';
export { requireDistribution } from './require-distribution.js';
export { uniform } from './uniform.js';
export { uniformPlus } from './uniform-plus.js';
export { withRules } from './with-rules.js';
