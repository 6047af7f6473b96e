import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Addon } from './addon.js';
import { platformOf } from './platform.js';

/** Kernels that can be used on this machine. */
export interface NativeKernels extends Addon {
  /** Path of the addon, for other threads to load. */
  readonly file: string;
}

/** Kernels, or why there are none. */
export type Found = { readonly kernels: NativeKernels } | { readonly reason: string };

/** How they are looked for; for tests. */
export interface Places {
  /** Folder of what was built here, with one file for each platform. */
  readonly built: string;
  readonly platform: string;
  require(path: string): unknown;
  resolve(name: string): string;
}

/**
 * Looks for the addon of this platform: one that was built here, or that of the package
 * `@espalier/runtime-native-<platform>`, which npm installs beside this one where there is one.
 *
 * @returns The kernels, or in words why they cannot be used. Never throws.
 *
 * @example
 * ```ts
 * import { findNativeKernels } from '@espalier/runtime-native';
 *
 * const found = findNativeKernels();
 * console.log('kernels' in found ? found.kernels.instructionSets() : found.reason);
 * ```
 */
export function findNativeKernels(places: Places = placesHere()): Found {
  const { built, platform } = places;
  const name = `@espalier/runtime-native-${platform}`;
  const own = `${built}/${platform}.node`;
  try {
    const file = existsSync(own) ? own : resolved(places, `${name}/kernels.node`);
    if (file === undefined) return { reason: `there is no ${name}, and nothing was built here` };
    const addon = places.require(file) as Addon;
    if (addon.instructionSets().length === 0) return { reason: 'this processor has neither AVX2 nor NEON' };
    return {
      kernels: { file, instructionSets: addon.instructionSets, open: addon.open },
    };
  } catch (error) {
    return { reason: `its addon cannot be loaded (${String(error)})` };
  }
}

function resolved({ resolve }: Places, path: string): string | undefined {
  try {
    return resolve(path);
  } catch {
    return undefined;
  }
}

function placesHere(): Places {
  const require = createRequire(import.meta.url);
  return {
    built: fileURLToPath(new URL('../built', import.meta.url)),
    platform: platformOf(process),
    require,
    resolve: require.resolve,
  };
}
