import { BackendError } from '../errors.js';

/**
 * The training kernels of {@link registerWasmTrainingKernels} cannot run here; `reason` says why, `remedy` what helps.
 *
 * @example The code is stable, the message is for people.
 * ```ts
 * import { WasmKernelsError } from '@espalier/backend';
 *
 * console.log(new WasmKernelsError('this engine has no SIMD', 'Update it.').code); // WASM_KERNELS
 * ```
 */
export class WasmKernelsError extends BackendError {
  /** Name of the class. */
  override readonly name = 'WasmKernelsError';
  /** Always `WASM_KERNELS`. */
  readonly code = 'WASM_KERNELS';

  /**
   * @param reason - Why they cannot run, one line without a full stop.
   * @param remedy - What to do about it, a sentence.
   */
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`The WASM training kernels cannot be used: ${reason}. ${remedy}`);
  }
}
