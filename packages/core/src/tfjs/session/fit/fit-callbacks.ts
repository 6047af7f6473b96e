import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelsOf } from '../../weights/listed-models.js';
import type { ModelWeight } from '../../weights/model-weight.js';
import { mixedCallbacks } from './mixed-callbacks.js';

const accepting = new WeakSet<LayersModel>();

/**
 * Lets `fit` and `fitDataset` of the model that the weights are from take callbacks of all kinds in one list.
 * TensorFlow.js goes by the first entry alone: after an object of functions, instances lose their `this`; after an
 * instance, objects lack methods.
 */
export function acceptMixedCallbacks(weights: readonly ModelWeight[]): void {
  for (const model of modelsOf(weights)) {
    if (accepting.has(model)) continue;
    accepting.add(model);
    accept(model, 'fit', 2);
    accept(model, 'fitDataset', 1);
  }
}

/**
 * Replaces a method of this one model by itself with its option `callbacks` made uniform; `place` is that of the
 * options.
 */
function accept(model: LayersModel, method: 'fit' | 'fitDataset', place: number): void {
  const original = model[method] as (...args: readonly unknown[]) => Promise<unknown>;
  const value = (...args: readonly unknown[]): Promise<unknown> => {
    const options = args[place] as { readonly callbacks?: unknown; readonly yieldEvery?: 'auto' } | undefined;
    if (!Array.isArray(options?.callbacks)) return original.apply(model, [...args]);
    const callbacks = mixedCallbacks(options.callbacks, options.yieldEvery);
    return original.apply(model, [...args.slice(0, place), { ...options, callbacks }]);
  };
  Object.defineProperty(model, method, { value, configurable: true, enumerable: false, writable: true });
}
