import { EspalierError } from '@espalier/core';
import { namesMismatch } from '../names-mismatch.js';

/** The names in a PyTorch checkpoint are not those that the model needs. */
export class TorchTensorsMismatchError extends EspalierError {
  override readonly name = 'TorchTensorsMismatchError';
  readonly code = 'TORCH_TENSORS_MISMATCH';

  /**
   * @param missing - Weights of the model that nothing in the checkpoint gives, by our names.
   * @param unknown - Tensors that have no place in the model, by their names in the checkpoint.
   */
  constructor(
    readonly missing: readonly string[],
    readonly unknown: readonly string[],
  ) {
    const remedy = 'Build the architecture that the checkpoint has, and give `prefix` if its names have one.';
    super(`The checkpoint does not fit the model. ${namesMismatch(missing, unknown, remedy)}`);
  }
}

/** A tensor of a PyTorch checkpoint has another shape than the model's weight. */
export class TorchShapeMismatchError extends EspalierError {
  override readonly name = 'TorchShapeMismatchError';
  readonly code = 'TORCH_SHAPE_MISMATCH';

  /**
   * @param tensor - Its name in the checkpoint.
   * @param weight - Our name of the weight.
   * @param expected - The shape that the weight has in PyTorch's layout.
   * @param actual - The tensor's shape.
   */
  constructor(
    readonly tensor: string,
    readonly weight: string,
    readonly expected: readonly number[],
    readonly actual: readonly number[],
  ) {
    super(
      `Tensor "${tensor}" is [${actual.join(', ')}], but "${weight}" needs [${expected.join(', ')}] in PyTorch's layout. ` +
        'Build the model with the classes and the width of the checkpoint, or keep the head with `head: "keep"`.',
    );
  }
}

/** A tensor of a PyTorch checkpoint cannot be used. */
export class InvalidTorchTensorError extends EspalierError {
  override readonly name = 'InvalidTorchTensorError';
  readonly code = 'INVALID_TORCH_TENSOR';

  /**
   * @param tensor - Its name in the checkpoint.
   * @param reason - What is wrong with it.
   */
  constructor(
    readonly tensor: string,
    readonly reason: string,
  ) {
    super(`Tensor "${tensor}" cannot be used: ${reason}.`);
  }
}

/** PyTorch flattens images with their channels first, and which entries a layer sees in which order cannot be told. */
export class TorchOrderError extends EspalierError {
  override readonly name = 'TorchOrderError';
  readonly code = 'TORCH_ORDER_UNKNOWN';

  /**
   * @param layer - The layer whose weights would have to be put into order.
   * @param reason - Why the order is not known.
   */
  constructor(
    readonly layer: string,
    readonly reason: string,
  ) {
    super(
      `The order of the inputs of "${layer}" in PyTorch is not known: ${reason}. Build the model with a Flatten between the last ` +
        'image and the dense layers, as in PyTorch.',
    );
  }
}

/** The weights would fit, but the model computes something else than the net they were trained in. */
export class TorchArchitectureMismatchError extends EspalierError {
  override readonly name = 'TorchArchitectureMismatchError';
  readonly code = 'TORCH_ARCHITECTURE_MISMATCH';

  /**
   * @param layer - The layer that differs.
   * @param setting - What differs.
   * @param expected - What the checkpoint needs.
   * @param actual - What the layer has.
   * @param remedy - How to get a model that fits, a sentence.
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
