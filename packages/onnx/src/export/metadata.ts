import {
  type Checkpoint,
  checkpointSparsity,
  classNamesOf,
  type InputNormalization,
  normalizationOf,
} from '@espalier/core';
import { prunableWeights } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ExportOnnxOptions } from './options.js';

/** What a file says about a network beside the network itself. */
interface Carried {
  readonly classNames: readonly string[] | undefined;
  readonly normalization: InputNormalization | undefined;
  /** Fraction of prunable entries that are pruned. */
  readonly sparsity: number;
}

/** The `metadata_props` of the file: names of classes and normalization as JSON, the sparsity as a number. */
export function metadataOf({ classNames, normalization, sparsity }: Carried): Record<string, string> {
  return {
    sparsity: String(sparsity),
    ...(classNames ? { class_names: JSON.stringify(classNames) } : {}),
    ...(normalization ? { normalization: JSON.stringify(normalization) } : {}),
  };
}

/** What the options say, else what the metadata of a checkpoint or a model says. */
export function carriedBy(metadata: object | null | undefined, options: ExportOnnxOptions): Omit<Carried, 'sparsity'> {
  return {
    classNames: options.classNames ?? classNamesOf(metadata),
    normalization: options.normalization ?? normalizationOf(metadata),
  };
}

/** Fraction of the prunable entries that are masked in a checkpoint, or 0 in a model, whose masks nobody knows. */
export async function sparsityOf(source: Checkpoint | LayersModel): Promise<number> {
  if ('masks' in source) return checkpointSparsity(source).prunable;
  let [zeros, all] = [0, 0];
  for (const { variable } of prunableWeights(source)) {
    const values = await variable.data();
    all += values.length;
    for (const value of values) if (value === 0) zeros++;
  }
  return all === 0 ? 0 : zeros / all;
}
