import { InvalidOptionError, rules } from '@espalier/core';
import type { Dataset } from '../batch/dataset.js';
import { datasetRule, imageFilesRule, numbersRule } from '../option-rules.js';
import type { ImageFiles } from './decoded-image.js';

/**
 * A dataset in memory, seen as image files: for MNIST, CIFAR-10 or synthetic images in code that streams images.
 *
 * @param dataset - Images of 1 channel, which become gray, or of 3.
 * @returns Reads through to the dataset; values are rounded to bytes.
 * @throws {@link InvalidOptionError} if there are neither 1 nor 3 channels.
 *
 * @example
 * ```ts
 * import { imageFilesOf, syntheticImages } from '@espalier/datasets';
 *
 * const files = imageFilesOf(syntheticImages({ size: 10, seed: 1 }));
 * console.log((await files.read(0)).pixels.length); // 28 · 28 · 3 = 2352
 * ```
 */
export function imageFilesOf(dataset: Dataset): ImageFiles {
  datasetRule('dataset', dataset as never);
  const [height, width, channels] = dataset.shape;
  if (channels !== 1 && channels !== 3) {
    throw new InvalidOptionError('dataset.shape', dataset.shape, 'of 1 or 3 channels');
  }
  return {
    name: dataset.name,
    classes: dataset.classes,
    size: dataset.size,
    label: index => dataset.label(index),
    path: index => `${dataset.name}: image ${index}`,
    read: async index => {
      const values = new Float32Array(height * width * channels);
      dataset.copyImage(index, values, 0);
      const pixels = new Uint8Array(height * width * 3);
      for (let i = 0; i < pixels.length; i++) {
        pixels[i] = Math.round(255 * values[channels === 3 ? i : Math.floor(i / 3)]!);
      }
      return { height, width, pixels };
    },
  };
}

/**
 * Some images of a list, in the order given. Reads through to the original.
 *
 * @param files - The original.
 * @param indices - Images of the original, from 0 to `files.size` − 1; may repeat.
 * @param name - Name of the result.
 * @returns A list of `indices.length` images.
 * @throws {@link InvalidOptionError} if an index is out of range.
 *
 * @example The first ten.
 * ```ts
 * import { imageFilesOf, imageFilesSubset, syntheticImages } from '@espalier/datasets';
 *
 * const all = imageFilesOf(syntheticImages({ size: 100, seed: 1 }));
 * console.log(imageFilesSubset(all, Array.from({ length: 10 }, (_, index) => index)).size); // 10
 * ```
 */
export function imageFilesSubset(
  files: ImageFiles,
  indices: ArrayLike<number>,
  name: string = `${files?.name}/subset`,
): ImageFiles {
  imageFilesRule('files', files as never);
  numbersRule('indices', indices as never);
  rules.text('name', name as never);
  const chosen = Uint32Array.from(indices);
  for (let i = 0; i < chosen.length; i++) {
    if (indices[i] === chosen[i] && chosen[i]! < files.size) continue;
    throw new InvalidOptionError(`indices[${i}]`, indices[i], `a whole number below ${files.size}`);
  }
  return {
    name,
    classes: files.classes,
    size: chosen.length,
    label: index => files.label(chosen[index]!),
    path: index => files.path(chosen[index]!),
    read: index => files.read(chosen[index]!),
  };
}
