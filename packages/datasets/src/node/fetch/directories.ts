import { resolve } from 'node:path';
import envPaths from 'env-paths';

/**
 * Directory for downloaded and decoded files: `ESPALIER_CACHE` if set, else the platform's cache directory for
 * `espalier` (`~/.cache/espalier`, `~/Library/Caches/espalier`, `%LOCALAPPDATA%\espalier\Cache`). It need not exist
 * yet.
 *
 * @returns An absolute path.
 *
 * @example
 * ```ts
 * import { cacheDirectory } from '@espalier/datasets/node';
 *
 * process.env.ESPALIER_CACHE = '/tmp/espalier-cache';
 * console.log(cacheDirectory()); // /tmp/espalier-cache
 * ```
 */
export function cacheDirectory(): string {
  const chosen = process.env.ESPALIER_CACHE;
  return chosen ? resolve(chosen) : envPaths('espalier', { suffix: '' }).cache;
}

/**
 * Directory with local copies of datasets, one folder each (`mnist`, `cifar10`): `ESPALIER_DATA` if set, else none.
 *
 * @returns An absolute path, which need not exist; `undefined` if there is none.
 *
 * @example
 * ```ts
 * import { dataDirectory } from '@espalier/datasets/node';
 *
 * process.env.ESPALIER_DATA = '/data';
 * console.log(dataDirectory()); // /data
 * ```
 */
export function dataDirectory(): string | undefined {
  const chosen = process.env.ESPALIER_DATA;
  return chosen ? resolve(chosen) : undefined;
}
