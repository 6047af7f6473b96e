import type { FileHandle } from 'node:fs/promises';
import { withFileErrors } from '@espalier/core/node';
import { DataTooLargeError } from '../../errors.js';
import { DownloadError } from '../errors.js';
import type { ChecksumCounter } from './checksum.js';
import type { PartFile } from './part-file.js';
import { rateWatch } from './rate-watch.js';
import { bytesFrom, parseContentRange, strongValidator, wholeLength } from './response-headers.js';
import { TransientError } from './transient-error.js';

/** One request and what it needs. */
export interface TransferOptions {
  readonly url: string;
  readonly part: PartFile;
  /** Bytes in `part` that are to be kept; 0 asks for everything. */
  readonly offset: number;
  /** Version of the file those bytes are of, for `If-Range`. */
  readonly validator: string | undefined;
  readonly maximumBytes: number;
  readonly idleSeconds: number;
  readonly minimumBytesPerSecond: number;
  readonly signal: AbortSignal | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** Called before new bytes are counted, if the ones before `offset` do not count any more. */
  readonly onRestart: () => ChecksumCounter;
  readonly counter: ChecksumCounter;
  readonly onBytes: (received: number, total: number | undefined) => void;
}

/** Asks once and writes what comes. Resolves to the file's length when all of it has arrived. */
export async function transfer(options: TransferOptions): Promise<number> {
  const { url, signal } = options;
  const watch = rateWatch(options.idleSeconds, options.minimumBytesPerSecond);
  try {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (options.offset > 0) headers.range = `bytes=${options.offset}-`;
    if (options.offset > 0 && options.validator !== undefined) headers['if-range'] = options.validator;
    const either = signal === undefined ? watch.signal : AbortSignal.any([signal, watch.signal]);
    const response = await options.fetch(url, { headers, signal: either });
    watch.begin();
    return await receive(response, options, watch.count);
  } catch (error) {
    signal?.throwIfAborted();
    if (watch.signal.aborted) throw watch.signal.reason;
    throw translated(error);
  } finally {
    watch.stop();
  }
}

/** Network errors of fetch are TypeErrors with the reason as their cause; file errors have a system call. */
function translated(error: unknown): unknown {
  if (!(error instanceof TypeError) || error.cause === undefined) return error;
  const { cause } = error;
  const reason = cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
  return new TransientError(reason, undefined, { cause: error });
}

async function receive(response: Response, options: TransferOptions, count: (bytes: number) => void): Promise<number> {
  const { url, part, maximumBytes } = options;
  const { status } = response;
  let { offset, counter } = options;
  let total: number | undefined;
  if (status === 206 && offset > 0) {
    const range = parseContentRange(response.headers);
    if (range?.start !== offset) {
      await response.body?.cancel();
      await part.restart({ url });
      throw new TransientError('the server sent another range than the one asked for');
    }
    total = range.total;
  } else if (status === 200) {
    total = wholeLength(response.headers);
    const validator = strongValidator(response.headers);
    await part.restart(validator === undefined ? { url } : { url, validator });
    counter = options.onRestart();
    offset = 0;
  } else {
    await response.body?.cancel();
    if (status === 416 && offset > 0) {
      if (bytesFrom(response.headers) === offset) return offset;
      await part.restart({ url });
      throw new TransientError('the server refused to go on from where the last try ended');
    }
    throw refusal(response, url);
  }
  if (total !== undefined && total > maximumBytes) {
    await response.body?.cancel();
    throw new DataTooLargeError(url, 'bytes', maximumBytes, 'maximumBytes');
  }
  options.onBytes(offset, total);
  let received = offset;
  for await (const chunk of chunksOf(response)) {
    count(chunk.length);
    received += chunk.length;
    if (received > maximumBytes) throw new DataTooLargeError(url, 'bytes', maximumBytes, 'maximumBytes');
    await withFileErrors(part.destination, 'write', () => writeAll(part.file, chunk, received - chunk.length));
    counter.update(chunk);
    options.onBytes(received, total);
  }
  if (total === undefined || received === total) return received;
  throw new TransientError(`the connection ended after ${received} of ${total} bytes`);
}

/** The body piece by piece; the connection is closed if the loop ends early. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}

function refusal({ status, statusText, headers }: Response, url: string): Error {
  const answer = `the server answered ${status}${statusText ? ` ${statusText}` : ''}`;
  const mayPass = status === 408 || status === 425 || status === 429 || status >= 500;
  if (!mayPass) return new DownloadError(url, answer);
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? new TransientError(answer, seconds) : new TransientError(answer);
}
