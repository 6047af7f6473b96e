/**
 * What needs Node: models in files on every backend, and building tfjs-node against a current TensorFlow.
 *
 * @packageDocumentation
 */
export { type FileSystemOptions, fileSystem, registerFileSystemHandlers } from './file-system.js';
export {
  type InstallNativeOptions,
  installNative,
  type NativeInstallation,
  NativeInstallError,
  type NativeInstallErrorCode,
  type TrainingCheck,
} from './install-native/index.js';
export { ModelFileError, type ModelFileErrorCode } from './model-file-error.js';
