import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, float32Values, readSafetensors } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { loadKerasWeights, loadTorchWeights } from '@espalier/models';
import { readKerasWeights } from '@espalier/models/node';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ExportFormat } from '../../src/export/export-network.js';
import { openNetwork } from '../../src/network/open-network.js';

/** A network that was exported, read again; weights alone fill the same layers, which were set to 0 before. */
export async function readBack(format: ExportFormat, out: string, pruned: Checkpoint): Promise<LayersModel> {
  if (format === 'tfjs') return toModel(await openNetwork(join(out, 'model.json')));
  if (format === 'onnx') return toModel(await openNetwork(out));
  const model = await toModel(pruned);
  tf.tidy(() => {
    for (const weight of model.weights) weight.write(tf.zeros(weight.shape as number[]));
  });
  if (format === 'keras-weights') {
    loadKerasWeights(model, await readKerasWeights(out));
    return model;
  }
  const { tensors, metadata } = readSafetensors(await readFile(out));
  if (metadata.get('format') === 'pt') {
    loadTorchWeights(model, tensors);
    return model;
  }
  tf.tidy(() => {
    for (const weight of model.weights) {
      const stored = tensors.get(weight.originalName);
      if (stored) weight.write(tf.tensor(float32Values(stored), [...stored.shape]));
    }
  });
  return model;
}

/** What a model makes of inputs. */
export async function logitsOf(model: LayersModel, shape: readonly number[], input: Float32Array): Promise<number[]> {
  const output = tf.tidy(() => model.predictOnBatch(tf.tensor(input, [...shape])) as tf.Tensor);
  try {
    return [...(await output.data())];
  } finally {
    output.dispose();
  }
}

/** Largest difference, as a fraction of the largest number. */
export function distance(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  const largest = Math.max(...left.map(Math.abs));
  return Math.max(...left.map((value, i) => Math.abs(value - (right[i] ?? Number.NaN)))) / largest;
}
