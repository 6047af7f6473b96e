import { join } from 'node:path';
import { DatasetsError } from '../errors.js';
import { cacheDirectory, dataDirectory } from './directories.js';
import { download } from './download.js';
import { DownloadError, MissingDataError } from './errors.js';

/** How far the loading of a dataset is. */
export interface LoadProgress {
  /** Whether bytes are fetched, an archive is unpacked, or images are decoded. */
  readonly activity: 'download' | 'unpack' | 'decode';
  /** File that is worked on. */
  readonly item: string;
  /** Bytes fetched, files unpacked, or images decoded. */
  readonly done: number;
  /** How many there will be, if that is known. */
  readonly total?: number;
}

/** Where a dataset may come from. */
export interface ObtainOptions {
  /**
   * Directory with local copies, one folder for each dataset, or `false` to look at none.
   *
   * @defaultValue the result of {@link dataDirectory}
   */
  readonly dataDirectory?: string | false;
  /**
   * Directory for downloaded and decoded files.
   *
   * @defaultValue the result of {@link cacheDirectory}
   */
  readonly cacheDirectory?: string;
  /**
   * Whether files that are nowhere on this machine may be downloaded.
   *
   * @defaultValue true
   */
  readonly download?: boolean;
  /** Addresses of directories to download from, in the order to try; each dataset has its own default. */
  readonly mirrors?: readonly string[];
  /** Called for every piece of work done. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Ends the loading. */
  readonly signal?: AbortSignal;
  /**
   * Stands in for the global `fetch`, for proxies and tests.
   *
   * @defaultValue globalThis.fetch
   */
  readonly fetch?: typeof globalThis.fetch;
}

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
  const errors: DatasetsError[] = [];
  const answers: string[] = [];
  for (const mirror of options.mirrors ?? source.mirrors) {
    try {
      await download(new URL(name, mirror.endsWith('/') ? mirror : `${mirror}/`).href, {
        to: join(folder, name),
        ...(md5 === undefined ? {} : { md5 }),
        attempts: 4,
        maximumBytes,
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
      if (!DatasetsError.isInstance(error)) throw error;
      errors.push(error);
      answers.push(`${mirror} (${error instanceof DownloadError ? error.reason : error.message})`);
    }
  }
  const remedy = `Check the network, or put the files into a folder "${source.dataset}" and set ESPALIER_DATA to the one above`;
  throw new MissingDataError(source.dataset, [...looked, ...answers], remedy, { cause: new AggregateError(errors) });
}
