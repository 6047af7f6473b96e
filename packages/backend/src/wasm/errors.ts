import { EspalierError } from '@espalier/core';

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
export class WasmKernelsError extends EspalierError {
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

/**
 * The WASM backend has no room for a tensor, or for what a kernel needs. Nothing of the operation is left behind, and
 * the backend can be used on.
 *
 * @example Halve the batch where it does not fit.
 * ```ts
 * import { useBackend, WasmMemoryError } from '@espalier/backend';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useBackend('wasm');
 * try {
 *   tf.zeros([64, 8192, 8192]);
 * } catch (error) {
 *   if (!(error instanceof WasmMemoryError)) throw error;
 *   console.log(error.requestedBytes, error.bytesInUse, error.limitBytes);
 * }
 * ```
 */
export class WasmMemoryError extends EspalierError {
  /** Name of the class. */
  override readonly name = 'WasmMemoryError';
  /** Always `WASM_MEMORY`. */
  readonly code = 'WASM_MEMORY';

  /**
   * @param requestedBytes - What was asked for.
   * @param bytesInUse - What tensors and kernels hold already.
   * @param limitBytes - What they can hold together.
   */
  constructor(
    readonly requestedBytes: number,
    readonly bytesInUse: number,
    readonly limitBytes: number,
  ) {
    super(
      `The wasm backend has no room for ${mebibytes(requestedBytes)} MiB: ${mebibytes(bytesInUse)} of at most ` +
        `${mebibytes(limitBytes)} MiB are in use. Use a smaller batch, dispose of tensors that are no longer needed, or use ` +
        'a backend with more memory, such as "tfjs-node".',
    );
  }
}

/**
 * An operation that the WASM backend cannot carry out, neither by TensorFlow.js' kernels nor by ours.
 *
 * @example Complex numbers do not exist on WASM.
 * ```ts
 * import { useBackend, WasmUnsupportedError } from '@espalier/backend';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useBackend('wasm');
 * try {
 *   tf.spectral.rfft(tf.ones([8]));
 * } catch (error) {
 *   if (!(error instanceof WasmUnsupportedError)) throw error;
 *   console.log(error.operation);
 * }
 * ```
 */
export class WasmUnsupportedError extends EspalierError {
  /** Name of the class. */
  override readonly name = 'WasmUnsupportedError';
  /** Always `WASM_UNSUPPORTED`. */
  readonly code = 'WASM_UNSUPPORTED';

  /**
   * @param operation - TensorFlow.js' name of the kernel.
   * @param why - What cannot be done, a sentence.
   */
  constructor(
    readonly operation: string,
    why: string = 'There is no such kernel.',
  ) {
    super(
      `${operation} cannot be computed on the wasm backend. ${why} Compute it on "cpu" (await useBackend('cpu')), or use ` +
        '"tfjs-node".',
    );
  }
}

/**
 * A kernel of TensorFlow.js trapped in WebAssembly. Tensors may hold anything from then on: start the program anew.
 *
 * @example The kernel is a field.
 * ```ts
 * import { WasmCrashError } from '@espalier/backend';
 *
 * console.log(new WasmCrashError('CropAndResize', new Error('unreachable')).kernel);
 * ```
 */
export class WasmCrashError extends EspalierError {
  /** Name of the class. */
  override readonly name = 'WasmCrashError';
  /** Always `WASM_CRASH`. */
  readonly code = 'WASM_CRASH';

  /**
   * @param kernel - TensorFlow.js' name of the kernel.
   * @param cause - The trap.
   */
  constructor(
    readonly kernel: string,
    cause: Error,
  ) {
    super(
      `The kernel ${kernel} of the wasm backend crashed (${cause.message}). The backend's memory may be damaged: start the ` +
        'program anew. If its inputs are as they should be, please report it.',
      { cause },
    );
  }
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toLocaleString('en-US', { maximumFractionDigits: 1 });
}
