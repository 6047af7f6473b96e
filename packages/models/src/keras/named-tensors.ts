import { tensorProblem } from '../arguments.js';
import { InvalidTensorError } from '../framework-errors.js';
import type { KerasTensor, KerasTensors } from './keras-tensor.js';

/** A tensor with what its name says. */
export interface NamedTensor extends KerasTensor {
  /** Its name among the tensors. */
  readonly source: string;
  /**
   * Parts of its name: models, layer and parts of it, and last the name of the weight within the layer, or its place
   * there.
   */
  readonly parts: readonly string[];
}

/** Takes names apart, and refuses tensors whose values are not one number per entry. */
export function namedTensors(tensors: KerasTensors): NamedTensor[] {
  return [...tensors].map(([source, tensor]) => {
    const parts = String(source).replace(/:\d+$/, '').split('/');
    if (parts.length < 2) {
      throw new InvalidTensorError('keras', source, 'its name does not end in layer and weight, "conv1/kernel"');
    }
    const problem = tensorProblem(tensor);
    if (problem !== undefined) throw new InvalidTensorError('keras', source, problem);
    const { shape, values } = tensor;
    return { source, parts, shape, values };
  });
}
