import { InvalidOptionError, rules } from '@espalier/core';
import { datasetRule, numbersRule } from '../option-rules.js';
import type { Dataset } from './dataset.js';

/**
 * Some examples of a dataset, in the order given. Reads through to the original.
 *
 * @param dataset - The original.
 * @param indices - Examples of the original, from 0 to `dataset.size` − 1; may repeat.
 * @param name - Name of the result.
 * @returns A dataset of `indices.length` examples.
 * @throws {@link InvalidOptionError} if an index is out of range.
 *
 * @example The first hundred.
 * ```ts
 * import { subset, syntheticImages } from '@espalier/datasets';
 *
 * const all = syntheticImages({ size: 500, seed: 1 });
 * console.log(subset(all, Array.from({ length: 100 }, (_, index) => index)).size); // 100
 * ```
 */
export function subset(
  dataset: Dataset,
  indices: ArrayLike<number>,
  name: string = `${dataset?.name}/subset`,
): Dataset {
  datasetRule('dataset', dataset as never);
  numbersRule('indices', indices as never);
  rules.text('name', name as never);
  const chosen = Uint32Array.from(indices);
  for (let i = 0; i < chosen.length; i++) {
    if (indices[i] === chosen[i] && chosen[i]! < dataset.size) continue;
    throw new InvalidOptionError(`indices[${i}]`, indices[i], `a whole number below ${dataset.size}`);
  }
  return {
    name,
    classes: dataset.classes,
    shape: dataset.shape,
    size: chosen.length,
    copyImage: (index, target, offset) => dataset.copyImage(chosen[index]!, target, offset),
    label: index => dataset.label(chosen[index]!),
  };
}
