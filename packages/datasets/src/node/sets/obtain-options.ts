import { InvalidOptionError, type OptionRule, type OptionRules, rules } from '@espalier/core';
import { type ReadLimits, readLimitRules } from '../../read-limits.js';
import { pathOrFalse } from '../images/image-folder-options.js';

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
export interface ObtainOptions extends ReadLimits {
  /**
   * Directory with local copies, one folder for each dataset, or `false` to look at none.
   *
   * @defaultValue the result of {@link dataDirectory}
   */
  readonly dataDirectory?: string | false | undefined;
  /**
   * Directory for downloaded and decoded files.
   *
   * @defaultValue the result of {@link cacheDirectory}
   */
  readonly cacheDirectory?: string | undefined;
  /**
   * Whether files that are nowhere on this machine may be downloaded.
   *
   * @defaultValue true
   */
  readonly download?: boolean | undefined;
  /** Addresses of directories to download from, in the order to try; each dataset has its own default. */
  readonly mirrors?: readonly string[] | undefined;
  /** Called for every piece of work done. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Ends the loading. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Stands in for the global `fetch`, for proxies and tests.
   *
   * @defaultValue globalThis.fetch
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const mirrorsRule: OptionRule = (option, value: unknown) => {
  rules.list(rules.text)(option, value as never);
  const wrong = (value as string[]).findIndex(mirror => !URL.canParse(mirror) || !/^https?:/.test(mirror));
  if (wrong >= 0) {
    const expected = 'an address that begins with http:// or https://';
    throw new InvalidOptionError(`${option}[${wrong}]`, (value as string[])[wrong], expected);
  }
};

export const obtainRules: OptionRules<ObtainOptions> = {
  ...readLimitRules,
  dataDirectory: rules.optional(pathOrFalse),
  cacheDirectory: rules.optional(rules.text),
  download: rules.optional(rules.boolean),
  mirrors: rules.optional(mirrorsRule),
  onProgress: rules.optional(rules.function),
  signal: rules.optional(rules.signal),
  fetch: rules.optional(rules.function),
};
