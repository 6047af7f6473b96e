import { gzipSync } from 'node:zlib';
import {
  type Checkpoint,
  checkOptions,
  checkpointSparsity,
  denseSafetensors,
  encodeCheckpoint,
  requireCheckpoint,
  rules,
  stripCheckpoint,
} from '@espalier/core';
import { measure } from './measured.js';
import type { FileBytes, InspectReport } from './report.js';
import { countNonzeros, reportLayers } from './report-layers.js';

const note =
  'Masks alone do not make dense kernels faster: TensorFlow.js multiplies the zeros too. "Sparse" multiply-accumulates are what ' +
  'sparse kernels could reach at best; `espalier bench` measures what those of @espalier/runtime reach, beside TensorFlow.js.';

/** Options of {@link inspectCheckpoint}. */
export interface InspectOptions {
  /**
   * Also times the network, as {@link measureSpeed} does when it is given no options: tuning and timing take some
   * seconds, more for large networks. The processor should have nothing else to do.
   *
   * @defaultValue `false`
   */
  readonly measure?: boolean | undefined;
}

/**
 * The honest report on a checkpoint: nonzeros of each layer, sparsity of the prunable weights and of all weights,
 * multiply-accumulates dense and sparse, and bytes dense, compressed and in Espalier's own format.
 *
 * Nonzeros are counted in the weights, sparsity in the masks. Multiply-accumulates are those of the whole network,
 * masked layers and dense ones: all kernels of dense, convolution and recurrent layers, at every place and in every
 * step where they are used, as the runtime counts them. A layer whose input size is open, or of a class that is not
 * known (custom ones), has none and is named in `uncounted`. A tensor backend must be set, because the model is built
 * to learn its shapes.
 *
 * @param checkpoint - Not modified.
 * @param options - Whether to time the network. One that cannot be timed, e.g. for layers that the runtime does not
 * know, gets a report all the same, which says why.
 * @returns Plain data that can be written as JSON.
 * @throws {@link @espalier/core!InvalidOptionError} or {@link @espalier/core!UnknownOptionError} if an option is wrong.
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
export async function inspectCheckpoint(checkpoint: Checkpoint, options: InspectOptions = {}): Promise<InspectReport> {
  requireCheckpoint(checkpoint);
  checkOptions<InspectOptions>(options, { measure: rules.optional(rules.boolean) });
  const { method, clock, phase, seed, metadata } = checkpoint;
  const sparsity = checkpointSparsity(checkpoint);
  const { layers, macs, uncounted } = await reportLayers(checkpoint);
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
      entries: sum(sparsity.perLayer, layer => layer.size),
      nonzeros: sum(sparsity.perLayer, layer => layer.nonzero),
      sparsity: sparsity.prunable,
    },
    all: { entries: sum(values, array => array.length), nonzeros: sum(values, countNonzeros), sparsity: sparsity.all },
    macs,
    uncounted,
    bytes: fileBytes(checkpoint),
    ...(options.measure ? await measure(checkpoint) : { measured: null, unmeasured: '' }),
    note,
  };
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
