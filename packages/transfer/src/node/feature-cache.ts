import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkOptions,
  EspalierError,
  readSafetensors,
  rules,
  type SafetensorsTensor,
  typedValues,
  writeSafetensors,
} from '@espalier/core';
import { FileAccessError, makeDirectory, writeFileAtomic } from '@espalier/core/node';
import { DataTooLargeError } from '@espalier/datasets';
import type { FeatureCache, Features } from '../features/features.js';

/** A damaged file of a {@link fileFeatureCache}, which will be made anew. */
export interface CacheWarning {
  /** Stable identifier. */
  readonly code: 'CORRUPT_FEATURES';
  /** The file. */
  readonly path: string;
  /** What is wrong with it. */
  readonly message: string;
}

/** Options of {@link fileFeatureCache}. */
export interface FileFeatureCacheOptions {
  /** Called for every damaged file; its features are extracted again and the file is replaced. */
  readonly onWarning?: ((warning: CacheWarning) => void) | undefined;
  /**
   * Largest file in bytes that is read; a larger one is refused with `DATA_TOO_LARGE`.
   *
   * @defaultValue 2 GiB − 1, the most that Node.js reads at once
   */
  readonly maximumBytes?: number | undefined;
}

/**
 * Keeps features in a directory, one safetensors file for each network and part of a task, under a hash of all that
 * they depend on: the backbone's weights and architecture, the backend, the labels, and the prepared pixels of up to 32
 * images.
 *
 * Files are written under a temporary name and renamed. Each carries a checksum; a damaged one counts as none. Nothing
 * is ever deleted: remove the directory to make room.
 *
 * @param directory - Created when something is written. Several processes may share it.
 * @param options - Who hears of damaged files, and how large they may be.
 * @returns A cache for `linearProbe`. It throws {@link FileAccessError} where a file cannot be read for another reason
 *   than that it is not there, or cannot be written, and `DataTooLargeError` for a file over the limit.
 *
 * @example
 * ```ts
 * import { fileFeatureCache } from '@espalier/transfer/node';
 *
 * const cache = fileFeatureCache('features', { onWarning: ({ message }) => console.warn(message) });
 * console.log(await cache.read('0'.repeat(64))); // undefined
 * ```
 */
export function fileFeatureCache(directory: string, options: FileFeatureCacheOptions = {}): FeatureCache {
  rules.text('directory', directory as never);
  checkOptions<FileFeatureCacheOptions>(options, {
    onWarning: rules.optional(rules.function),
    maximumBytes: rules.optional(rules.integer({ from: 1 })),
  });
  const { maximumBytes = 2 ** 31 - 1 } = options;
  const pathOf = (key: string): string => join(directory, `features-${key}.safetensors`);
  return {
    read: async key => {
      const path = pathOf(key);
      const bytes = await readIfThere(path, maximumBytes);
      if (bytes === undefined) return undefined;
      const found = decode(bytes);
      if (typeof found !== 'string') return found;
      const message = `The cached features ${path} are damaged: ${found} They are extracted again.`;
      options.onWarning?.({ code: 'CORRUPT_FEATURES', path, message });
      return undefined;
    },
    write: async (key, features) => {
      await makeDirectory(directory);
      await writeFileAtomic(pathOf(key), encode(features));
    },
  };
}

async function readIfThere(path: string, maximumBytes: number): Promise<Uint8Array | undefined> {
  try {
    if ((await stat(path)).size > maximumBytes)
      throw new DataTooLargeError(path, 'bytes', maximumBytes, 'maximumBytes');
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof DataTooLargeError) throw error;
    throw new FileAccessError(path, 'read', error);
  }
}

function encode({ values, labels, dimension }: Features): Uint8Array {
  const tensors = new Map<string, SafetensorsTensor>([
    ['features', { dtype: 'F32', shape: [labels.length, dimension], bytes: bytesOf(values) }],
    ['labels', { dtype: 'I32', shape: [labels.length], bytes: bytesOf(labels) }],
  ]);
  return writeSafetensors(tensors, new Map([['sha256', checksum(tensors)]]));
}

/** The features, or what is wrong with them. */
function decode(bytes: Uint8Array): Features | string {
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    const [features, labels] = [tensors.get('features'), tensors.get('labels')];
    if (!features || !labels) return 'features or labels are not there.';
    if (metadata.get('sha256') !== checksum(tensors)) return 'the checksum does not fit.';
    const [count = 0, dimension = 0] = features.shape;
    if (features.dtype !== 'F32' || labels.dtype !== 'I32' || labels.shape[0] !== count) return 'shapes do not fit.';
    return { values: typedValues(features) as Float32Array, labels: typedValues(labels) as Int32Array, dimension };
  } catch (error) {
    if (EspalierError.isInstance(error)) return error.message;
    throw error;
  }
}

/** Of names, shapes and data in a fixed order. */
function checksum(tensors: ReadonlyMap<string, SafetensorsTensor>): string {
  const hash = createHash('sha256');
  for (const name of ['features', 'labels']) {
    const tensor = tensors.get(name);
    if (tensor) hash.update(`${name} ${tensor.dtype} ${tensor.shape.join()}\n`).update(tensor.bytes);
  }
  return hash.digest('hex');
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
