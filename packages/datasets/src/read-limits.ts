import { type OptionRules, rules } from '@espalier/core';
import { chosen } from './option-rules.js';

/**
 * What one call may take, however small the files are that ask for it. Every function that reads files or archives has
 * these options; beyond a limit it ends with `DATA_TOO_LARGE` and names the file and the option.
 */
export interface ReadLimits {
  /**
   * Entries of an archive, files and folders below a folder, or lines of a text file.
   *
   * @defaultValue 2^20
   */
  readonly maximumEntries?: number | undefined;
  /**
   * Bytes of one file, in an archive after decompression.
   *
   * @defaultValue 2^26 (64 MiB), unless the README says otherwise for a kind of file
   */
  readonly maximumEntryBytes?: number | undefined;
  /**
   * Bytes of a whole archive after decompression, and of a download.
   *
   * @defaultValue 2^31 (2 GiB); for archives that are unpacked to disk four times the archive's own size more, 2^37 at
   *   most
   */
  readonly maximumTotalBytes?: number | undefined;
  /**
   * Pixels of one image. They are taken from its header, before anything is decoded.
   *
   * @defaultValue 2^26, a square of 8,192
   */
  readonly maximumPixels?: number | undefined;
  /**
   * Bytes of memory for what a call makes out of files: pixels, numbers of MAT-files, decompressed bytes.
   *
   * @defaultValue 2^31 (2 GiB) for datasets in memory, 2^30 for images that are decoded when they are read, 2^26 for a
   *   MAT-file
   */
  readonly maximumMemory?: number | undefined;
}

const limit = rules.optional(rules.integer({ from: 1 }));

/** Rules of {@link ReadLimits}, to spread into those of options that extend them. */
export const readLimitRules: OptionRules<ReadLimits> = {
  maximumEntries: limit,
  maximumEntryBytes: limit,
  maximumTotalBytes: limit,
  maximumPixels: limit,
  maximumMemory: limit,
};

/** The limits alone, out of options that extend them. */
export const limitsOf = (options: ReadLimits): ReadLimits => chosen(options, readLimitRules);
