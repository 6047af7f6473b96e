export { countOnes, keptCount, requireSparsity } from './count.js';
export { activeMagnitude, type Criterion } from './criterion.js';
export { keepTop } from './keep-top.js';
export { type NOfMOptions, nOfM } from './n-of-m.js';
export { type SelectOptions, selectMasks } from './select-masks.js';
export { requireStructure, type Structure } from './structure.js';
