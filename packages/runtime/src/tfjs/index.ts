/**
 * Reads networks of TensorFlow.js.
 *
 * @packageDocumentation
 */
export { fromLayersModel } from './from-layers-model.js';
