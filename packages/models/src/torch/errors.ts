import { EspalierError } from '@espalier/core';

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
