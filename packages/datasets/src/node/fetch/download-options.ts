import { type OptionRule, type OptionRules, rules } from '@espalier/core';
import type { Checksums } from './checksum.js';

/** How far a download is. */
export interface DownloadProgress {
  /** Address the bytes come from. */
  readonly url: string;
  /** Bytes on disk. */
  readonly received: number;
  /** Bytes of the whole file, if the server says so. */
  readonly total?: number;
}

/** Where to put a file, and how to be sure that it is the right one. */
export interface DownloadOptions extends Checksums {
  /** Path of the finished file; missing directories are made. */
  readonly to: string;
  /** Called for every piece that arrives. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Ends the download; what has arrived is kept for the next try. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Requests before giving up, at least 1.
   *
   * @defaultValue 6
   */
  readonly attempts?: number | undefined;
  /**
   * Pause after the first failed request in seconds; doubles each time, up to 30. A server's `Retry-After` up to 60
   * counts more.
   *
   * @defaultValue 1
   */
  readonly retrySeconds?: number | undefined;
  /**
   * Seconds without a byte after which a connection is given up.
   *
   * @defaultValue 30
   */
  readonly idleSeconds?: number | undefined;
  /**
   * Bytes that must come in a second, on the average of each `idleSeconds`; a connection that gives fewer is given up.
   * 0 asks for none.
   *
   * @defaultValue 1000
   */
  readonly minimumBytesPerSecond?: number | undefined;
  /**
   * Seconds after which the whole download is given up, pauses and further attempts included. What has arrived is kept
   * for the next try.
   *
   * @defaultValue no limit
   */
  readonly maximumSeconds?: number | undefined;
  /**
   * Bytes the file may have at most.
   *
   * @defaultValue 2^36
   */
  readonly maximumBytes?: number | undefined;
  /**
   * Stands in for the global `fetch`, for proxies and tests.
   *
   * @defaultValue globalThis.fetch
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const checksum = (digits: number): OptionRule =>
  rules.optional(
    rules.that(`${digits} hexadecimal digits`, value =>
      typeof value === 'string' ? new RegExp(`^[\\da-f]{${digits}}$`, 'i').test(value) : false,
    ),
  );

export const downloadRules: OptionRules<DownloadOptions> = {
  to: rules.text,
  md5: checksum(32),
  sha256: checksum(64),
  onProgress: rules.optional(rules.function),
  signal: rules.optional(rules.signal),
  attempts: rules.optional(rules.integer({ from: 1 })),
  retrySeconds: rules.optional(rules.number({ from: 0 })),
  // Node's timers hold 2^31 milliseconds.
  idleSeconds: rules.optional(rules.number({ above: 0, to: 2_000_000 })),
  minimumBytesPerSecond: rules.optional(rules.number({ from: 0 })),
  maximumSeconds: rules.optional(rules.number({ above: 0, to: 2_000_000 })),
  maximumBytes: rules.optional(rules.integer({ from: 1 })),
  fetch: rules.optional(rules.function),
};
