export { convolution } from './convolution';
export { fullDense, sparseDense } from './dense';
export { add, normalise } from './elementwise';
export { globalPool } from './global-pool';
export { fromNchw, fromNhwc, rearrange, toNhwc } from './layout';
export { pool } from './pool';
export { softmax } from './softmax';
export { filterGradient, refreshWeights } from './filter-gradient';
