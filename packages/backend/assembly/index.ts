export { normalize, normalizeGradient } from './batch-norm';
export { clear, correlate, filterGradient, packPanels, placeImage, unpadFilter } from './convolution';
export { copyBox } from './copy';
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { depthwiseCorrelate, depthwiseFilterSums } from './depthwise-plain';
export { clamp, extremum, holdsLowest, prelu, rectify, passBetween } from './elementwise';
export { averagePoolGradient, maxPool, maxPoolGradient } from './pool';
export { segmentSum, segmentSumInt } from './segment-sum';
export { columnSums, moments } from './sums';
