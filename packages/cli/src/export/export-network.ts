import { dirname, join } from 'node:path';
import {
  type Checkpoint,
  denseSafetensors,
  InvalidOptionError,
  type SafetensorsTensor,
  writeSafetensors,
} from '@espalier/core';
import { makeDirectory, writeFileAtomic } from '@espalier/core/node';
import { toModel } from '@espalier/core/tfjs';
import { torchWeightsOf } from '@espalier/models';
import { kerasWeightsFile } from '@espalier/models/node';
import { exportOnnx } from '@espalier/onnx';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { UsageError } from '../errors.js';
import type { exportFormats } from './definitions.js';
import { layersModelFiles } from './layers-model-files.js';
import { withUsualHead } from './usual-head.js';

export type ExportFormat = (typeof exportFormats)[number];

/** What was written. */
export interface Exported {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** How weights are named. */
  readonly names: 'tfjs' | 'pytorch' | 'keras' | 'onnx';
}

/**
 * Writes a network in the format of another program, dense, with the zeros of its masks in the weights. Directories
 * that are missing on the way are made.
 */
export async function exportNetwork(checkpoint: Checkpoint, format: ExportFormat, out: string): Promise<Exported> {
  if (format === 'onnx') return written('onnx', out, await onnxFile(checkpoint));
  if (format === 'tfjs') {
    await makeDirectory(out);
    const files = layersModelFiles(checkpoint).map(({ name, bytes }) => ({ path: join(out, name), bytes }));
    // model.json is the last, so that there is none without its weights
    for (const { path, bytes } of files) await writeFileAtomic(path, bytes);
    return { names: 'tfjs', files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length })) };
  }
  const model = await toModel(checkpoint);
  try {
    withUsualHead(model, checkpoint.metadata);
    if (format === 'keras-weights') return await written('keras', out, await kerasWeightsFile(model));
    const torch = await torchFile(model);
    return torch ? await written('pytorch', out, torch) : await written('tfjs', out, denseSafetensors(checkpoint));
  } finally {
    model.dispose();
  }
}

async function written(names: Exported['names'], path: string, bytes: Uint8Array): Promise<Exported> {
  await makeDirectory(dirname(path));
  await writeFileAtomic(path, bytes);
  return { names, files: [{ path, bytes: bytes.length }] };
}

async function onnxFile(checkpoint: Checkpoint): Promise<Uint8Array> {
  try {
    return await exportOnnx(checkpoint);
  } catch (error) {
    if (!(error instanceof InvalidOptionError && error.option === 'inputShapes')) throw error;
    const remedy = 'Name it with --size, such as --size 224 or --size 96x128.';
    throw new UsageError(`The network takes inputs of any size, and a file of ONNX says one. ${remedy}`, {
      cause: error,
    });
  }
}

/** Safetensors as `safetensors.torch.save_file` writes them; undefined if PyTorch has no such architecture. */
async function torchFile(model: LayersModel): Promise<Uint8Array | undefined> {
  const weights = await torchWeightsOf(model);
  if (!weights) return undefined;
  const tensors = [...weights].map(([name, { shape, values }]): [string, SafetensorsTensor] => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return [name, { dtype: 'F32', shape: [...shape], bytes }];
  });
  return writeSafetensors(new Map(tensors), new Map([['format', 'pt']]));
}
