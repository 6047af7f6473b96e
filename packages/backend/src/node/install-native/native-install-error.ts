import { EspalierError } from '@espalier/core';

/**
 * Why native TensorFlow could not be installed:
 * `NATIVE_UNSUPPORTED_PLATFORM` not Linux, `NATIVE_PACKAGE_NOT_FOUND` tfjs-node is not installed,
 * `NATIVE_TENSORFLOW_NOT_FOUND` no pip TensorFlow, `NATIVE_TENSORFLOW_UNUSABLE` it lacks libraries or headers,
 * `NATIVE_COMPILER_NOT_FOUND` no C++ compiler, `NATIVE_COMPILE_FAILED` the compiler refused the addon,
 * `NATIVE_CHECK_FAILED` the addon was built but does not load or train.
 */
export type NativeInstallErrorCode =
  | 'NATIVE_UNSUPPORTED_PLATFORM'
  | 'NATIVE_PACKAGE_NOT_FOUND'
  | 'NATIVE_TENSORFLOW_NOT_FOUND'
  | 'NATIVE_TENSORFLOW_UNUSABLE'
  | 'NATIVE_COMPILER_NOT_FOUND'
  | 'NATIVE_COMPILE_FAILED'
  | 'NATIVE_CHECK_FAILED';

/**
 * Native TensorFlow could not be installed; what was installed before is as it was.
 *
 * @example Show what to do about it.
 * ```ts
 * import { installNative, NativeInstallError } from '@espalier/backend/node';
 *
 * try {
 *   await installNative({ tensorflow: '/no/such/place', nodePackage: '/no/such/package' });
 * } catch (error) {
 *   if (error instanceof NativeInstallError) console.log(error.code, error.remedy);
 * }
 * ```
 */
export class NativeInstallError extends EspalierError {
  /** Name of the class. */
  override readonly name = 'NativeInstallError';

  /**
   * @param code - What failed, see {@link NativeInstallErrorCode}.
   * @param problem - What is wrong, in sentences.
   * @param remedy - What to do about it, in sentences.
   */
  constructor(
    readonly code: NativeInstallErrorCode,
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${problem} ${remedy}`);
  }
}
