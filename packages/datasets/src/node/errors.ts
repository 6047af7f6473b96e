import { EspalierError } from '@espalier/core';

/** A file could not be fetched, for a reason that trying again did not cure. */
export class DownloadError extends EspalierError {
  override readonly name = 'DownloadError';
  readonly code = 'DOWNLOAD_FAILED';

  /**
   * @param url - Address that was asked.
   * @param reason - What happened, a sentence without its full stop.
   * @param options - The error behind it.
   */
  constructor(
    readonly url: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`Could not download ${url}: ${reason}. Try again later, or fetch the file by other means.`, options);
  }
}

/** A file has arrived whole, but is not the right one. */
export class ChecksumMismatchError extends EspalierError {
  override readonly name = 'ChecksumMismatchError';
  readonly code = 'CHECKSUM_MISMATCH';

  /**
   * @param source - File or address.
   * @param algorithm - `md5` or `sha256`.
   * @param expected - Checksum it should have, hexadecimal.
   * @param actual - Checksum it has, hexadecimal.
   */
  constructor(
    readonly source: string,
    readonly algorithm: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${source} has the ${algorithm} checksum ${actual} instead of ${expected}, so it is not the right file.`);
  }
}

/** An archive has an entry that no dataset has, such as a link or a path that leads out of the archive. */
export class UnsafeArchiveError extends EspalierError {
  override readonly name = 'UnsafeArchiveError';
  readonly code = 'UNSAFE_ARCHIVE';

  /**
   * @param archive - The archive's path.
   * @param entry - Name of the entry.
   * @param problem - What is wrong with it.
   */
  constructor(
    readonly archive: string,
    readonly entry: string,
    readonly problem: string,
  ) {
    super(
      `${archive}: entry ${JSON.stringify(entry)} ${problem}. Nothing was read from it; do not trust this archive.`,
    );
  }
}

/** The files of a dataset are in none of the places where they may be. */
export class MissingDataError extends EspalierError {
  override readonly name = 'MissingDataError';
  readonly code = 'MISSING_DATA';

  /**
   * @param dataset - Name of the dataset.
   * @param looked - Directories that were searched, and what was wrong with each.
   * @param remedy - What to do, a sentence without its full stop.
   * @param options - The error behind it, if a download failed.
   */
  constructor(
    readonly dataset: string,
    readonly looked: readonly string[],
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`The files of ${dataset} were not found. Looked in: ${looked.join('; ')}. ${remedy}.`, options);
  }
}
