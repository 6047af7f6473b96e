import { EspalierError } from '@espalier/core';

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;

/** The Fisher blocks of the model would not fit into the memory they may use. Thrown before any training. */
export class FisherMemoryError extends EspalierError {
  override readonly name = 'FisherMemoryError';
  readonly code = 'FISHER_TOO_LARGE';

  /**
   * @param bytes - Bytes that the blocks need.
   * @param limit - Bytes that they may use: the option `memoryLimit`.
   * @param blockSize - Block size that was asked for.
   * @param fitting - Greatest block size that fits, 0 if none does.
   */
  constructor(
    readonly bytes: number,
    readonly limit: number,
    readonly blockSize: number,
    readonly fitting: number,
  ) {
    super(
      `Fisher blocks of size ${blockSize} need ${bytes} bytes (${gibibytes(bytes)}) for this model, but may use ${limit} ` +
        `(${gibibytes(limit)}). ` +
        (fitting > 0 ? `Use a blockSize of at most ${fitting}, or raise memoryLimit` : 'Raise memoryLimit') +
        ' if the machine has the memory; fewer samples help where they are fewer than the entries of a block. In Node ' +
        'workerExecutor({ spill: directory }) of @espalier/prune-woodfisher/node keeps most of it on disk.',
    );
  }
}

/** The stream of per-example gradients ended before the number that was asked for. */
export class MissingSamplesError extends EspalierError {
  override readonly name = 'MissingSamplesError';
  readonly code = 'MISSING_SAMPLES';

  /**
   * @param received - Gradients that arrived.
   * @param expected - Gradients that were asked for.
   */
  constructor(
    readonly received: number,
    readonly expected: number,
  ) {
    super(
      `WoodFisher asked for ${expected} per-example gradients and got ${received}. Let the session option exampleLosses ` +
        'give as many losses as it is asked for, repeating examples if need be, or lower the option samples.',
    );
  }
}

/** A block of the Fisher matrix is not positive definite in float64, so it has no usable inverse. */
export class SingularFisherError extends EspalierError {
  override readonly name = 'SingularFisherError';
  readonly code = 'SINGULAR_FISHER';

  /**
   * @param layer - Name of the layer.
   * @param damping - The damping λ in use.
   */
  constructor(
    readonly layer: string,
    readonly damping: number,
  ) {
    super(
      `The Fisher matrix of "${layer}" cannot be inverted. Either one of its gradients is not finite (look at the loss ` +
        `before this step), or the damping ${damping} is too small beside the squared gradients: raise it.`,
    );
  }
}
