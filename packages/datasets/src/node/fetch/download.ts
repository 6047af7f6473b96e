import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CompleteOptions, checkOptions, InvalidOptionError } from '@espalier/core';
import { withFileErrors } from '@espalier/core/node';
import { DataTooLargeError } from '../../errors.js';
import { ChecksumMismatchError, DownloadError } from '../errors.js';
import { isMissing, requireFile } from '../file-system.js';
import { type ChecksumCounter, checksumCounter, countFile, hasChecksum } from './checksum.js';
import { type DownloadOptions, downloadRules } from './download-options.js';
import { transfer } from './http-request.js';
import { openPart, type PartFile, removeAbandonedParts } from './part-file.js';
import { TransientError } from './transient-error.js';

/**
 * Fetches a file to disk, and resolves once it is there, complete and with the right checksum.
 *
 * Bytes go to a file beside the destination whose name ends in `.part`, and are counted into the checksum as they come;
 * only a file of the right length and checksum is renamed to `to`, so that nothing else is ever found there. A dropped
 * connection is taken up where it ended (`Range` with `If-Range`) if the file has a checksum or the server names its
 * version, also by a later process; a server that does not know ranges sends everything again. If `to` exists and has
 * the right checksum, nothing is fetched; without a checksum it is fetched anew. Give a checksum if you can: without
 * one, a server that does not say how long the file is can cut it short unnoticed.
 *
 * @param url - `http:` or `https:` address; redirects are followed.
 * @param options - Destination, checksums, progress, signal, retries.
 * @throws {@link DownloadError} if the server refuses, the last attempt fails, too little comes in a second, or it
 *   takes too long.
 * @throws {@link ChecksumMismatchError} if the whole file arrived, but is another; it is deleted.
 * @throws {@link DataTooLargeError} if there is more than allowed; it is deleted.
 * @throws {@link FileAccessError} if the operating system refuses the destination.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import { download } from '@espalier/datasets/node';
 *
 * export const fetchLabels = (): Promise<void> =>
 *   download('https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz', {
 *     to: '/tmp/t10k-labels-idx1-ubyte.gz',
 *     md5: 'ec29112dd5afa0611ce80d1b7f02629c',
 *     onProgress: ({ received, total }) => console.log(received, total),
 *   });
 * ```
 */
export async function download(url: string, options: DownloadOptions): Promise<void> {
  checkOptions(options, downloadRules);
  const { attempts = 6, retrySeconds = 1, idleSeconds = 30, minimumBytesPerSecond = 1000, signal } = options;
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new InvalidOptionError('url', url, 'an address that begins with http:// or https://');
  }
  signal?.throwIfAborted();
  if (await isAlreadyThere(options)) return removeAbandonedParts(options.to);
  const part = await openPart(options.to);
  try {
    const retryPolicy = { attempts, retrySeconds, idleSeconds, minimumBytesPerSecond };
    await withDeadline(url, options, signal => fetchInto(part, url, { ...options, ...retryPolicy, signal }));
  } catch (error) {
    const useless = error instanceof ChecksumMismatchError || error instanceof DataTooLargeError;
    await (useless ? part.discard() : part.leave());
    throw error;
  }
  await part.finish();
}

/** Also refuses a destination that no file can replace, before anything is fetched. */
async function isAlreadyThere(options: DownloadOptions): Promise<boolean> {
  try {
    await requireFile(options.to);
    if (!hasChecksum(options)) return false;
    const counter = checksumCounter(options);
    await withFileErrors(options.to, 'read', () => countFile(options.to, counter));
    counter.verify(options.to);
    return true;
  } catch (error) {
    if (error instanceof ChecksumMismatchError || isMissing(error)) return false;
    throw error;
  }
}

/** Ends the work when the caller's signal says so, or after `maximumSeconds`. */
async function withDeadline(
  url: string,
  { signal, maximumSeconds }: DownloadOptions,
  work: (signal: AbortSignal | undefined) => Promise<void>,
): Promise<void> {
  if (maximumSeconds === undefined) return work(signal);
  const deadline = new AbortController();
  const late = new DownloadError(url, `it was not done after maximumSeconds of ${maximumSeconds} s`);
  const timer = setTimeout(() => deadline.abort(late), maximumSeconds * 1000);
  try {
    await work(signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
}

type RetryPolicy = CompleteOptions<
  Pick<DownloadOptions, 'attempts' | 'retrySeconds' | 'idleSeconds' | 'minimumBytesPerSecond'>
>;

async function fetchInto(part: PartFile, url: string, options: DownloadOptions & RetryPolicy): Promise<void> {
  let problem: unknown;
  for (let attempt = 1; attempt <= options.attempts; attempt++) {
    try {
      await attemptOnce(part, url, options);
      return;
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      problem = error;
      if (attempt < options.attempts) await pause(attempt, error, options);
    }
  }
  const reason = problem instanceof Error ? problem.message : String(problem);
  throw new DownloadError(url, `${reason}, attempt ${options.attempts} of ${options.attempts}`, { cause: problem });
}

async function pause(attempt: number, error: TransientError, options: DownloadOptions & RetryPolicy): Promise<void> {
  const own = Math.min(30, options.retrySeconds * 2 ** (attempt - 1));
  const asked = Math.min(60, error.waitSeconds ?? 0);
  await sleep(1000 * Math.max(own, asked), undefined, options.signal ? { signal: options.signal } : {}).catch(() => {
    options.signal?.throwIfAborted();
  });
}

async function attemptOnce(part: PartFile, url: string, options: DownloadOptions & RetryPolicy): Promise<void> {
  const validator = part.origin?.url === url ? part.origin.validator : undefined;
  const onDisk = <T>(work: () => Promise<T>): Promise<T> => withFileErrors(options.to, 'write', work);
  const goesOn = hasChecksum(options) || validator !== undefined;
  const offset = goesOn ? await onDisk(async () => (await stat(part.path)).size) : 0;
  let counter: ChecksumCounter = checksumCounter(options);
  if (offset > 0) await onDisk(() => countFile(part.path, counter));
  let restarted = offset === 0;
  const length = await transfer({
    url,
    part,
    offset,
    validator,
    counter,
    maximumBytes: options.maximumBytes ?? 2 ** 36,
    idleSeconds: options.idleSeconds,
    minimumBytesPerSecond: options.minimumBytesPerSecond,
    signal: options.signal,
    fetch: options.fetch ?? globalThis.fetch,
    onRestart: () => {
      restarted = true;
      counter = checksumCounter(options);
      return counter;
    },
    onBytes: (received, total) => options.onProgress?.({ url, received, ...(total === undefined ? {} : { total }) }),
  });
  await onDisk(() => part.file.truncate(length));
  try {
    counter.verify(url);
  } catch (error) {
    if (restarted) throw error;
    // Bytes of an earlier try may have been of another version of the file: once more from the start.
    await part.restart({ url });
    throw new TransientError(error instanceof Error ? error.message : String(error), undefined, { cause: error });
  }
}
