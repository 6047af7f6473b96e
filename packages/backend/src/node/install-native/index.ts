export type { TrainingCheck } from './check-training.js';
export { type InstallNativeOptions, installNative, type NativeInstallation } from './install-native.js';
export { NativeInstallError, type NativeInstallErrorCode } from './native-install-error.js';
