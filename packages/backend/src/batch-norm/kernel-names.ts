/**
 * Normalizes rank-4 data, channels last, by the batch's own statistics. Inputs x, gamma, beta; attribute epsilon;
 * outputs y, mean, variance (biased), then whatever else the gradient wants.
 */
export const BATCH_NORM_TRAINING = 'EspalierBatchNormTraining';

/**
 * Its gradients. Inputs dy, x, gamma, mean, variance and the further outputs as reserve0, reserve1, …; attribute
 * epsilon; outputs dx, dgamma, dbeta.
 */
export const BATCH_NORM_GRADIENT = 'EspalierBatchNormTrainingGrad';
