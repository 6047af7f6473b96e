import { checkOptions, rules } from '@espalier/core';
import { imageFilesRule } from '../option-rules.js';
import type { DecodedImage, ImageFiles } from './decoded-image.js';

/** How much {@link keepDecoded} keeps. */
export interface KeepDecodedOptions {
  /** Bytes of pixels that are kept, of all lists together; 0 keeps nothing. */
  readonly maximumMemory: number;
}

/**
 * Lists whose images are decoded once, as long as there is memory for them: an image that was read stays, until so many
 * bytes are kept, and the rest is decoded anew whenever it is read. What is read does not depend on that.
 *
 * @param lists - Image files, such as those for training and for testing.
 * @param options - Bytes to keep.
 * @returns The same lists, in the same order. Do not change the pixels that they give.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range, or
 *   something is no list.
 *
 * @example
 * ```ts
 * import { imageFilesOf, keepDecoded, syntheticImages } from '@espalier/datasets';
 *
 * const [files] = keepDecoded([imageFilesOf(syntheticImages({ size: 10, seed: 1 }))], { maximumMemory: 2 ** 20 });
 * console.log(files?.size); // 10
 * ```
 */
export function keepDecoded(lists: readonly ImageFiles[], options: KeepDecodedOptions): ImageFiles[] {
  rules.list(imageFilesRule)('lists', lists as never);
  checkOptions<KeepDecodedOptions>(options, { maximumMemory: rules.integer({ from: 0 }) });
  let left = options.maximumMemory;
  return lists.map(files => {
    const kept = new Map<number, DecodedImage>();
    return {
      name: files.name,
      classes: files.classes,
      size: files.size,
      label: index => files.label(index),
      path: index => files.path(index),
      read: async index => {
        const found = kept.get(index);
        if (found !== undefined) return found;
        const image = await files.read(index);
        if (image.pixels.length <= left && !kept.has(index)) {
          left -= image.pixels.length;
          kept.set(index, image);
        }
        return image;
      },
    };
  });
}
