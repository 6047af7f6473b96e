/** Normalises by the batch's own statistics. Inputs x, gamma, beta; attribute epsilon; outputs y, mean, variance. */
export const BATCH_NORM_TRAINING = 'EspalierBatchNormTraining';

/** Its gradients. Inputs dy, x, mean, variance, gamma; attribute epsilon; outputs dx, dgamma, dbeta. */
export const BATCH_NORM_GRADIENT = 'EspalierBatchNormTrainingGrad';
