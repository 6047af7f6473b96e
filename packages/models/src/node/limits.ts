import { type CompleteOptions, checkOptions, type OptionRules, rules } from '@espalier/core';

/** How much a reader of files may take. */
export interface ReadLimits {
  /**
   * The most bytes that what is unpacked and read may take beside the file itself. A file that needs more is refused
   * with `MODEL_MEMORY_LIMIT`.
   *
   * @defaultValue 64 MiB and 16 times the size of the file
   */
  readonly memoryLimit?: number | undefined;
  /**
   * The most milliseconds that reading may take. A file that needs more, for instance because a damaged byte leads
   * round in circles, is refused with `MODEL_TIME_LIMIT`.
   *
   * @defaultValue 10 seconds, and 200 ms more for each MiB of the file
   */
  readonly timeLimit?: number | undefined;
}

/** Limits for one file. */
export type Limits = CompleteOptions<ReadLimits>;

/** What limits may be. */
export const readLimitRules: OptionRules<ReadLimits> = {
  memoryLimit: rules.optional(rules.integer({ from: 0 })),
  timeLimit: rules.optional(rules.number({ above: 0, to: 2 ** 31 - 1 })),
};

/** Refuses anything but a path and limits. */
export function requireReadArguments(path: unknown, options: unknown): void {
  rules.text('path', path as never);
  checkOptions<ReadLimits>(options, readLimitRules);
}

/** Limits for a file of so many bytes. */
export const limitsFor = (bytes: number, { memoryLimit, timeLimit }: ReadLimits): Limits => ({
  memoryLimit: memoryLimit ?? 2 ** 26 + 16 * bytes,
  timeLimit: timeLimit ?? 10_000 + 200 * (bytes / 2 ** 20),
});
