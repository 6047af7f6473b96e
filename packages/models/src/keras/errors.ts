import { EspalierError } from '@espalier/core';
import { namesMismatch } from '../names-mismatch.js';

/** The names of Keras's weights are not those that the model needs. */
export class KerasTensorsMismatchError extends EspalierError {
  override readonly name = 'KerasTensorsMismatchError';
  readonly code = 'KERAS_TENSORS_MISMATCH';

  /**
   * @param missing - Weights of the model that no tensor gives, by our names.
   * @param unknown - Tensors that have no place in the model, by their names.
   */
  constructor(
    readonly missing: readonly string[],
    readonly unknown: readonly string[],
  ) {
    const remedy =
      'Build the architecture that the weights were saved from; a last layer that is not there can be left out with `head: "keep"`.';
    super(`Keras's weights do not fit the model. ${namesMismatch(missing, unknown, remedy)}`);
  }
}

/** A weight of Keras has another shape than the model's. */
export class KerasShapeMismatchError extends EspalierError {
  override readonly name = 'KerasShapeMismatchError';
  readonly code = 'KERAS_SHAPE_MISMATCH';

  /**
   * @param tensor - Its name among the tensors.
   * @param weight - Our name of the weight.
   * @param expected - The model's shape.
   * @param actual - The tensor's shape.
   */
  constructor(
    readonly tensor: string,
    readonly weight: string,
    readonly expected: readonly number[],
    readonly actual: readonly number[],
  ) {
    super(
      `Tensor "${tensor}" is [${actual.join(', ')}], but "${weight}" is [${expected.join(', ')}]. ` +
        'Build the model with the classes, the width and the image size of the weights, or keep the head with `head: "keep"`.',
    );
  }
}

/** A weight of Keras cannot be used. */
export class InvalidKerasTensorError extends EspalierError {
  override readonly name = 'InvalidKerasTensorError';
  readonly code = 'INVALID_KERAS_TENSOR';

  /**
   * @param tensor - Its name among the tensors.
   * @param reason - What is wrong with it, and what to do.
   */
  constructor(
    readonly tensor: string,
    readonly reason: string,
  ) {
    super(`Tensor "${tensor}" cannot be used: ${reason}.`);
  }
}

/** The weights would fit, but the model computes something else than the net they were trained in. */
export class KerasArchitectureMismatchError extends EspalierError {
  override readonly name = 'KerasArchitectureMismatchError';
  readonly code = 'KERAS_ARCHITECTURE_MISMATCH';

  /**
   * @param layer - The first layer that differs.
   * @param setting - What differs.
   * @param expected - What the weights need.
   * @param actual - What the layer has.
   * @param remedy - What to do, a sentence.
   */
  constructor(
    readonly layer: string,
    readonly setting: string,
    readonly expected: unknown,
    readonly actual: unknown,
    readonly remedy: string,
  ) {
    super(`"${layer}" has ${setting} ${JSON.stringify(actual)}, but needs ${JSON.stringify(expected)}. ${remedy}`);
  }
}
