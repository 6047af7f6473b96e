import { type Checkpoint, requireCheckpoint } from '@espalier/core';
import { requireModel, toModel } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { OnnxLayersError } from '../errors.js';
import { encodeModel } from '../format/encode-model.js';
import { writeEnds } from './ends.js';
import { GraphWriter } from './graph-writer.js';
import { carriedBy, metadataOf, sparsityOf } from './metadata.js';
import { type ExportOnnxOptions, requireExportOptions } from './options.js';
import { readWeights } from './read-weights.js';
import type { Writing } from './write-network.js';

/**
 * The operators of December 2021: every runtime since 2022 reads them (ONNX Runtime 1.12, TensorRT 8.6, OpenVINO 2022,
 * PyTorch's own exporter writes 17 or 18), and it is the first version with layer normalization in one node.
 */
export const opset = 17;

/**
 * A network as the bytes of an ONNX file: weights as 32-bit floats with the zeros that pruning left in them.
 *
 * Inside the file images have their channels first, as ONNX's operators want them; numbers are only turned at inputs
 * and outputs of images (see `channels`), and where a layer such as `Flatten` reads the places of an image in the order
 * of TensorFlow.js. Padding is written as numbers, since `same` of TensorFlow pads more at the end. Layers that only
 * act in training are left out; batch normalization stays a node, which runtimes fold into the convolution. Names of
 * nodes are those of the layers.
 *
 * `metadata_props` say the `sparsity` (fraction of prunable entries that are pruned), the `class_names` (JSON list) and
 * the `normalization` (JSON, as in checkpoints), where they are known.
 *
 * Takes about twice the memory of the weights. ONNX Runtime computes what TensorFlow.js computes, to 1e-4.
 *
 * @param source - A built model, or a checkpoint that was made with the option `model`. Neither is changed.
 * @param options - Layout, batch, shapes of inputs, metadata.
 * @returns A file of opset 17, IR version 8, without external data. The graph's inputs and outputs are called as those
 *   of the model.
 * @throws {@link OnnxLayersError} that names every layer that cannot be written.
 * @throws {@link InvalidOptionError} if an option is wrong, or an axis of an input has no length; say it in
 *   `inputShapes`.
 * @throws {@link InvalidModelError} if it is neither a model nor a checkpoint.
 * @throws {@link CheckpointMismatchError} and the other errors of `toModel` if the checkpoint has no usable topology.
 *
 * @example
 * ```ts
 * import { exportOnnx } from '@espalier/onnx';
 * import * as tf from '@tensorflow/tfjs-layers';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ name: 'head', units: 2, inputShape: [4] })] });
 * exportOnnx(model).then(bytes => console.log(bytes.length > 48)); // true: ten weights take 40 bytes
 * ```
 */
export async function exportOnnx(
  source: LayersModel | Checkpoint,
  options: ExportOnnxOptions = {},
): Promise<Uint8Array> {
  requireExportOptions(options);
  if (!isCheckpoint(source)) {
    requireModel(source);
    return write(source, options, source.getUserDefinedMetadata(), await sparsityOf(source));
  }
  requireCheckpoint(source);
  const model = await toModel(source);
  try {
    return await write(model, options, source.metadata, await sparsityOf(source));
  } finally {
    model.dispose();
  }
}

const isCheckpoint = (source: unknown): source is Checkpoint =>
  typeof source === 'object' && source !== null && (source as Partial<Checkpoint>).weights instanceof Map;

async function write(
  model: LayersModel,
  options: ExportOnnxOptions,
  metadata: object | null | undefined,
  sparsity: number,
): Promise<Uint8Array> {
  const writing: Writing = { graph: new GraphWriter(), weights: await readWeights(model), refused: new Map() };
  const ends = writeEnds(writing, model, options);
  if (writing.refused.size > 0) throw new OnnxLayersError([...writing.refused.values()]);
  const { graph } = writing;
  return encodeModel({
    name: model.name,
    opset,
    nodes: graph.nodes,
    initializers: graph.initializers,
    ...ends,
    metadata: metadataOf({ ...carriedBy(metadata, options), sparsity }),
  });
}
