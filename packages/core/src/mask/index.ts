export { activeNormalizedMagnitude } from './active-normalized-magnitude.js';
export { activeSaliency } from './active-saliency.js';
export { type Amount, type KeptEntries, overallCount, overallSparsity, requireAmount } from './amount.js';
export { countOnes, keptCount, requireSparsity } from './count.js';
export { activeMagnitude, type Criterion } from './criterion.js';
export { keepTop } from './keep-top.js';
export { type NOfMOptions, nOfM } from './n-of-m.js';
export { type RandomScoresOptions, randomScores } from './random-scores.js';
export { requireStructure, type Structure } from './structure.js';
