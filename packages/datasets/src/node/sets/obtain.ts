import { join } from 'node:path';
import { EspalierError } from '@espalier/core';
import { FileAccessError } from '@espalier/core/node';
import { DataTooLargeError } from '../../errors.js';
import { DownloadError, MissingDataError } from '../errors.js';
import { cacheDirectory, dataDirectory } from '../fetch/directories.js';
import { download } from '../fetch/download.js';
import type { ObtainOptions } from './obtain-options.js';

/** A file to download, known by its checksum if its publisher gives one. */
export interface KnownFile {
  /** Path below the mirror's address, and in the dataset's folder. */
  readonly name: string;
  readonly md5?: string;
  /** 2^30 if left out. */
  readonly maximumBytes?: number;
}

/** What is needed to find one dataset. */
export interface Source<Found> {
  readonly dataset: string;
  readonly mirrors: readonly string[];
  readonly files: readonly KnownFile[];
  /** Reads a folder; fails with {@link MissingDataError} if the files are not in it. */
  readonly fromFolder: (folder: string) => Promise<Found>;
}

/** Reads a dataset from the data directory, else from the cache, else downloads it into the cache first. */
export async function obtain<Found>(source: Source<Found>, options: ObtainOptions): Promise<Found> {
  const { dataset } = source;
  const local = options.dataDirectory ?? dataDirectory();
  const cached = join(options.cacheDirectory ?? cacheDirectory(), dataset);
  const looked: string[] = [];
  for (const folder of [...(local ? [join(local, dataset)] : []), cached]) {
    options.signal?.throwIfAborted();
    try {
      return await source.fromFolder(folder);
    } catch (error) {
      if (!(error instanceof MissingDataError)) throw error;
      looked.push(...error.looked);
    }
  }
  if (options.download === false) {
    const remedy = 'Allow the download, or set ESPALIER_DATA to a directory that has them';
    throw new MissingDataError(dataset, looked, remedy);
  }
  for (const file of source.files) await fromMirrors(source, file, cached, options, looked);
  return source.fromFolder(cached);
}

async function fromMirrors(
  source: Source<unknown>,
  { name, md5, maximumBytes = 2 ** 30 }: KnownFile,
  folder: string,
  options: ObtainOptions,
  looked: readonly string[],
): Promise<void> {
  const errors: EspalierError[] = [];
  const answers: string[] = [];
  for (const mirror of options.mirrors ?? source.mirrors) {
    try {
      await download(new URL(name, mirror.endsWith('/') ? mirror : `${mirror}/`).href, {
        to: join(folder, name),
        ...(md5 === undefined ? {} : { md5 }),
        attempts: 4,
        maximumBytes: Math.min(maximumBytes, options.maximumTotalBytes ?? maximumBytes),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
        onProgress: ({ received, total }) =>
          options.onProgress?.({
            activity: 'download',
            item: name,
            done: received,
            ...(total === undefined ? {} : { total }),
          }),
      });
      return;
    } catch (error) {
      if (error instanceof FileAccessError || !EspalierError.isInstance(error)) throw error;
      if (error instanceof DataTooLargeError && error.limit === options.maximumTotalBytes) {
        throw new DataTooLargeError(error.source, error.what, error.limit, 'maximumTotalBytes');
      }
      errors.push(error);
      answers.push(`${mirror} (${error instanceof DownloadError ? error.reason : error.message})`);
    }
  }
  const remedy = `Check the network, or put the files into a folder "${source.dataset}" and set ESPALIER_DATA to the one above`;
  throw new MissingDataError(source.dataset, [...looked, ...answers], remedy, { cause: new AggregateError(errors) });
}
