import type { FoundKernels } from '../engine/native-kernels.js';
import { nodeModule } from './threads/host.js';

/** Not written into the import below, so that bundlers do not look for what need not be installed. */
const PACKAGE = '@espalier/runtime-native';

let known: Promise<FoundKernels> | undefined;

/** The kernels of the package `@espalier/runtime-native`, or why there are none. Looks once in a process. */
export function importNative(): Promise<FoundKernels> {
  known ??= find();
  return known;
}

async function find(): Promise<FoundKernels> {
  if (nodeModule('node:os') === undefined) return { reason: 'this is not Node' };
  try {
    const module: { findNativeKernels(): FoundKernels } = await import(
      /* @vite-ignore */ /* webpackIgnore: true */ PACKAGE
    );
    return module.findNativeKernels();
  } catch {
    return { reason: `${PACKAGE} is not installed` };
  }
}
