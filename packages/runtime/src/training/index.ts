export { InvalidTrainingLayerError, TrainingProductsDisposedError } from './errors.js';
export type { TrainingProduct } from './execution.js';
export type { TrainingLayer, TrainingOptions } from './layer.js';
export { TrainingProducts } from './products.js';
export { trainingProducts } from './training-products.js';
