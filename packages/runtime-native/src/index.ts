/**
 * Native kernels for `@espalier/runtime`, which takes them by itself where this package is installed: {@link
 * findNativeKernels} says whether they can be used on this machine.
 *
 * @packageDocumentation
 */
export type { Addon, NativeInstructions, NativeKernel, NativeMemory } from './addon.js';
export { type Found, findNativeKernels, type NativeKernels, type Places } from './find.js';
