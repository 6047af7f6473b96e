import { EspalierError } from '@espalier/core';
import { modelNames } from '@espalier/models';

/** A file holds weights by name, and nothing says how its layers are connected. */
export class WeightsWithoutNetworkError extends EspalierError {
  override readonly name = 'WeightsWithoutNetworkError';
  readonly code = 'WEIGHTS_WITHOUT_NETWORK';

  /** @param file - What was given as a network. */
  constructor(readonly file: string) {
    super(
      `${file} holds weights by name and does not say how layers are connected. Name the architecture that they are ` +
        `for: --model NAME --weights ${file}, or a module that builds it: --model ./net.mjs --weights ${file}. Built in are ${modelNames.join(', ')}; any other network of PyTorch comes whole as ONNX: torch.onnx.export.`,
    );
  }
}

/** A module gives no network. */
export class NetworkModuleError extends EspalierError {
  override readonly name = 'NetworkModuleError';
  readonly code = 'NETWORK_MODULE';

  /**
   * @param module - Path of the module.
   * @param reason - What is wrong with it, a sentence, and the remedy.
   * @param options - The error behind it, if there is one.
   */
  constructor(
    readonly module: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${module}: ${reason}`, options);
  }
}
