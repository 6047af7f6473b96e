import { checkOptions } from '../../options/check-options.js';
import { rules } from '../../options/rules.js';
import { checkTensors } from '../check-tensors.js';
import type { Checkpoint } from '../checkpoint.js';
import { requireCheckpoint } from '../require-checkpoint.js';
import type { SafetensorsTensor } from '../safetensors/tensor.js';
import { float32Tensor } from '../safetensors/values.js';
import { writeSafetensors } from '../safetensors/write-safetensors.js';
import { toPytorchLayout } from './pytorch-layout.js';

/** How {@link denseSafetensors} lays out the weights. */
export interface DenseExportOptions {
  /**
   * `tfjs` leaves every weight as it is: dense kernels `[in, out]`, convolutions `[height, width, in, out]`.
   * `pytorch` transposes kernels: dense to `[out, in]`, convolutions to `[out, in, ...]`, depthwise kernels
   * `[height, width, in, multiplier]` to `[in * multiplier, 1, height, width]`. A kernel is a weight with a mask, or
   * one whose name ends in `kernel`; embeddings never are.
   *
   * @defaultValue 'tfjs'
   */
  readonly layout?: 'tfjs' | 'pytorch' | undefined;
}

/**
 * Every weight, dense, with zeros where it is masked, as a safetensors file that Python, Rust and JavaScript readers
 * load without knowing Espalier. Names are the model's own.
 *
 * Metadata: `espalier.layout`; `espalier.method`; for `pytorch` also `format: pt` and `espalier.transposed`, a JSON
 * object from weight names to the axis order that was applied. The masks themselves are not in the file: a weight that
 * is kept and happens to be 0 looks like a masked one. Compressed with gzip, the file is about as small as a
 * checkpoint.
 *
 * @param checkpoint - Not modified.
 * @param options - See {@link DenseExportOptions}.
 * @throws {@link CorruptCheckpointError} if a masked entry is not 0 or a shape does not fit its values.
 * @throws {@link InvalidOptionError} if the layout is unknown, or a weight is named `__metadata__`, which safetensors
 * reserves.
 *
 * @example
 * ```ts
 * import { type Checkpoint, denseSafetensors } from '@espalier/core';
 *
 * export function forPytorch(checkpoint: Checkpoint): Uint8Array {
 *   return denseSafetensors(checkpoint, { layout: 'pytorch' }); // safetensors.torch.load_file reads it
 * }
 * ```
 */
export function denseSafetensors(checkpoint: Checkpoint, options: DenseExportOptions = {}): Uint8Array {
  requireCheckpoint(checkpoint);
  checkOptions<DenseExportOptions>(options, { layout: rules.optional(rules.oneOf('tfjs', 'pytorch')) });
  const { layout = 'tfjs' } = options;
  checkTensors({ ...checkpoint, slots: [], snapshots: new Map() });
  const tensors = new Map<string, SafetensorsTensor>();
  const transposed: [string, readonly number[]][] = [];
  for (const [name, weight] of checkpoint.weights) {
    const { tensor, order } =
      layout === 'pytorch'
        ? toPytorchLayout(name, weight, checkpoint.masks.has(name))
        : { tensor: weight, order: null };
    if (order) transposed.push([name, order]);
    tensors.set(name, float32Tensor(tensor.shape, tensor.values));
  }
  const metadata = new Map([
    ['espalier.layout', layout],
    ['espalier.method', checkpoint.method.name],
  ]);
  if (layout === 'pytorch') {
    metadata.set('format', 'pt');
    metadata.set('espalier.transposed', JSON.stringify(Object.fromEntries(transposed)));
  }
  return writeSafetensors(tensors, metadata);
}
