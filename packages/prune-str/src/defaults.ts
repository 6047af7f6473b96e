/** Initial `s` of the paper's ResNet-50 (`configs/largescale` of its code). */
export const paperInitialThreshold = -3200;

/** Decay of the paper's ResNet-50 at 90.23 %, of weights and thresholds alike (same configurations). */
export const paperThresholdDecay = 2.251757813e-5;
