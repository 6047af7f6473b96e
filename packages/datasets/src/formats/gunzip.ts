import { checkOptions, type OptionRules, rules } from '@espalier/core';
import { DataTooLargeError, MalformedDataError } from '../errors.js';
import { bytesRule } from '../option-rules.js';

/** Limits and names for {@link gunzip}. */
export interface GunzipOptions {
  /**
   * What to call the bytes in errors.
   *
   * @defaultValue 'gzip data'
   */
  readonly source?: string | undefined;
  /**
   * Bytes that may come out at most; decompression stops there.
   *
   * @defaultValue 2^28 (256 MiB)
   */
  readonly maximumBytes?: number | undefined;
}

const gunzipRules: OptionRules<GunzipOptions> = {
  source: rules.optional(rules.text),
  maximumBytes: rules.optional(rules.integer({ from: 1 })),
};

/**
 * Decompresses gzip, in Node and in browsers. Bytes that do not begin like gzip come back as they are.
 *
 * @param bytes - The whole file.
 * @param options - Name for errors, cap.
 * @returns Decompressed bytes, or `bytes` itself if they are not gzip.
 * @throws {@link MalformedDataError} if the data is damaged, cut short, or followed by something else.
 * @throws {@link DataTooLargeError} if more bytes would come out than allowed.
 *
 * @example
 * ```ts
 * import { gunzip } from '@espalier/datasets';
 *
 * const plain = Uint8Array.of(0, 0, 8, 1);
 * console.log((await gunzip(plain)) === plain); // true, it was not compressed
 * ```
 */
export async function gunzip(bytes: Uint8Array, options: GunzipOptions = {}): Promise<Uint8Array> {
  bytesRule('bytes', bytes as never);
  checkOptions(options, gunzipRules);
  const { source = 'gzip data', maximumBytes = 2 ** 28 } = options;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  if (bytes.length > maximumBytes) throw new DataTooLargeError(source, 'bytes', maximumBytes, 'maximumBytes');
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > maximumBytes) throw new DataTooLargeError(source, 'bytes', maximumBytes, 'maximumBytes');
      parts.push(part.value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof DataTooLargeError) throw error;
    throw new MalformedDataError(
      source,
      `damaged gzip data (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
