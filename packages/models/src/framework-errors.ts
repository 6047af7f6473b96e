import { EspalierError } from '@espalier/core';
import { namesMismatch } from './names-mismatch.js';

/** Where weights come from. */
export type Framework = 'keras' | 'torch';

/**
 * The names of the tensors are not those that the model needs. Code:
 * `KERAS_TENSORS_MISMATCH`, `TORCH_TENSORS_MISMATCH`.
 */
export class TensorsMismatchError extends EspalierError {
  override readonly name = 'TensorsMismatchError';
  readonly code: 'KERAS_TENSORS_MISMATCH' | 'TORCH_TENSORS_MISMATCH';

  /**
   * @param framework - Where the tensors come from.
   * @param missing - Weights of the model that no tensor gives, by our names.
   * @param unknown - Tensors that have no place in the model, by their own names.
   */
  constructor(
    readonly framework: Framework,
    readonly missing: readonly string[],
    readonly unknown: readonly string[],
  ) {
    const [what, remedy] = {
      keras: [
        "Keras's weights do not fit the model.",
        'Build the architecture that the weights were saved from; a last layer that is not there can be left out with ' +
          '`head: "keep"`.',
      ],
      torch: [
        'The checkpoint does not fit the model.',
        'Build the architecture that the checkpoint has, and give `prefix` if its names have one.',
      ],
    }[framework] as [string, string];
    super(`${what} ${namesMismatch(missing, unknown, remedy)}`);
    this.code = framework === 'keras' ? 'KERAS_TENSORS_MISMATCH' : 'TORCH_TENSORS_MISMATCH';
  }
}

/** A tensor has another shape than the model's weight. Code: `KERAS_SHAPE_MISMATCH`, `TORCH_SHAPE_MISMATCH`. */
export class TensorShapeMismatchError extends EspalierError {
  override readonly name = 'TensorShapeMismatchError';
  readonly code: 'KERAS_SHAPE_MISMATCH' | 'TORCH_SHAPE_MISMATCH';

  /**
   * @param framework - Where the tensor comes from.
   * @param tensor - Its own name.
   * @param weight - Our name of the weight.
   * @param expected - The shape of the weight, in the framework's layout.
   * @param actual - The tensor's shape.
   */
  constructor(
    readonly framework: Framework,
    readonly tensor: string,
    readonly weight: string,
    readonly expected: readonly number[],
    readonly actual: readonly number[],
  ) {
    const [given, needed] = [actual.join(', '), expected.join(', ')];
    super(
      framework === 'keras'
        ? `Tensor "${tensor}" is [${given}], but "${weight}" is [${needed}]. Build the model with the classes, the width and ` +
            'the image size of the weights, or keep the head with `head: "keep"`.'
        : `Tensor "${tensor}" is [${given}], but "${weight}" needs [${needed}] in PyTorch's layout. Build the model with the ` +
            'classes and the width of the checkpoint, or keep the head with `head: "keep"`.',
    );
    this.code = framework === 'keras' ? 'KERAS_SHAPE_MISMATCH' : 'TORCH_SHAPE_MISMATCH';
  }
}

/** A tensor cannot be used. Code: `INVALID_KERAS_TENSOR`, `INVALID_TORCH_TENSOR`. */
export class InvalidTensorError extends EspalierError {
  override readonly name = 'InvalidTensorError';
  readonly code: 'INVALID_KERAS_TENSOR' | 'INVALID_TORCH_TENSOR';

  /**
   * @param framework - Where the tensor comes from.
   * @param tensor - Its own name.
   * @param reason - What is wrong with it, and what to do.
   */
  constructor(
    readonly framework: Framework,
    readonly tensor: string,
    readonly reason: string,
  ) {
    super(`Tensor "${tensor}" cannot be used: ${reason}.`);
    this.code = framework === 'keras' ? 'INVALID_KERAS_TENSOR' : 'INVALID_TORCH_TENSOR';
  }
}

/**
 * The weights would fit, but the model computes something else than the network they were trained in. Code:
 * `KERAS_ARCHITECTURE_MISMATCH`, `TORCH_ARCHITECTURE_MISMATCH`.
 */
export class ArchitectureMismatchError extends EspalierError {
  override readonly name = 'ArchitectureMismatchError';
  readonly code: 'KERAS_ARCHITECTURE_MISMATCH' | 'TORCH_ARCHITECTURE_MISMATCH';

  /**
   * @param framework - Where the weights come from.
   * @param layer - The first layer that differs.
   * @param setting - What differs.
   * @param expected - What the weights need.
   * @param actual - What the layer has.
   * @param remedy - What to do, a sentence.
   */
  constructor(
    readonly framework: Framework,
    readonly layer: string,
    readonly setting: string,
    readonly expected: unknown,
    readonly actual: unknown,
    readonly remedy: string,
  ) {
    super(`"${layer}" has ${setting} ${JSON.stringify(actual)}, but needs ${JSON.stringify(expected)}. ${remedy}`);
    this.code = framework === 'keras' ? 'KERAS_ARCHITECTURE_MISMATCH' : 'TORCH_ARCHITECTURE_MISMATCH';
  }
}
