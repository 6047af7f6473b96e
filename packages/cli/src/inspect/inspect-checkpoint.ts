import { gzipSync } from 'node:zlib';
import {
  type Checkpoint,
  checkpointSparsity,
  denseSafetensors,
  encodeCheckpoint,
  stripCheckpoint,
} from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { measureQuickly } from './measured.js';
import { kernelUses } from './positions.js';
import type { FileBytes, InspectReport, LayerReport, Macs } from './report.js';

const note =
  'Masks alone do not make dense kernels faster: TensorFlow.js multiplies the zeros too. "Sparse" multiply-accumulates are what ' +
  'sparse kernels could reach at best; `espalier bench` measures what those of @espalier/runtime reach, beside TensorFlow.js.';

/** Options of {@link inspectCheckpoint}. */
export interface InspectOptions {
  /**
   * Also times the network: our plan of it beside our plan of the same network without zeros, for about a second once both are
   * compiled. The processor should have nothing else to do.
   *
   * @defaultValue `false`
   */
  readonly measure?: boolean;
}

/**
 * The honest report on a checkpoint: nonzeros of each layer, sparsity of the prunable weights and of all weights, multiply-accumulates
 * dense and sparse, and bytes dense, compressed and in Espalier's own format.
 *
 * Nonzeros are counted in the weights, sparsity in the masks. Multiply-accumulates come from the model's topology; a layer whose input
 * size is open, or of a kind that is not counted (recurrent layers, custom ones), has none and is named in `uncounted`. A tensor backend
 * must be set, because the model is built to learn its shapes.
 *
 * @param checkpoint - Not modified.
 * @param options - Whether to time the network. One that cannot be timed, e.g. for layers that the runtime does not know, gets a
 * report all the same, which says why.
 * @returns Plain data that can be written as JSON.
 * @throws {@link @espalier/core!CorruptCheckpointError} if TensorFlow.js cannot build the model.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { inspectCheckpoint } from '@espalier/cli';
 * import type { Checkpoint } from '@espalier/core';
 *
 * export async function print(checkpoint: Checkpoint): Promise<void> {
 *   const { prunable, bytes } = await inspectCheckpoint(checkpoint);
 *   console.log(prunable.sparsity, bytes.denseGzip, bytes.sparse);
 * }
 * ```
 */
export async function inspectCheckpoint(
  checkpoint: Checkpoint,
  { measure = false }: InspectOptions = {},
): Promise<InspectReport> {
  const { method, clock, phase, seed, metadata } = checkpoint;
  const sparsity = checkpointSparsity(checkpoint);
  const uses = await usesOf(checkpoint);
  const layers = sparsity.perLayer.map(({ name, shape, size, nonzero, sparsity: share }): LayerReport => {
    const count = uses.get(name);
    const macs = count === undefined ? null : { dense: size * count, sparse: nonzero * count };
    return { name, shape, entries: size, nonzeros: nonzero, sparsity: share, macs };
  });
  const uncounted = layers.filter(layer => layer.macs === null).map(layer => layer.name);
  const values = [...checkpoint.weights.values()].map(weight => weight.values);
  return {
    method,
    clock,
    phase,
    seed,
    resumable: checkpoint.optimizer !== null,
    metadata,
    layers,
    prunable: {
      entries: sum(layers, layer => layer.entries),
      nonzeros: sum(layers, layer => layer.nonzeros),
      sparsity: sparsity.prunable,
    },
    all: { entries: sum(values, array => array.length), nonzeros: sum(values, countNonzeros), sparsity: sparsity.all },
    macs: uncounted.length === 0 ? totalMacs(layers) : null,
    uncounted,
    bytes: fileBytes(checkpoint),
    ...(measure ? await measureQuickly(checkpoint) : { measured: null, unmeasured: '' }),
    note,
  };
}

async function usesOf(checkpoint: Checkpoint): Promise<Map<string, number>> {
  if (checkpoint.model === null) return new Map();
  const model = await toModel(checkpoint);
  try {
    return kernelUses(model);
  } finally {
    model.dispose();
  }
}

function totalMacs(layers: readonly LayerReport[]): Macs {
  return { dense: sum(layers, layer => layer.macs?.dense ?? 0), sparse: sum(layers, layer => layer.macs?.sparse ?? 0) };
}

function fileBytes(checkpoint: Checkpoint): FileBytes {
  const dense = denseSafetensors(checkpoint);
  const sparse = encodeCheckpoint(stripCheckpoint(checkpoint));
  return {
    dense: dense.length,
    denseGzip: gzipSync(dense).length,
    sparse: sparse.length,
    sparseGzip: gzipSync(sparse).length,
  };
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function countNonzeros(values: Float32Array): number {
  return values.reduce((count, value) => count + Number(value !== 0), 0);
}
