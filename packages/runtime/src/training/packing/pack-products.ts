import type { Command, Engine } from '../../engine/engine.js';
import {
  type ConvolutionSpec,
  type ConvolutionVariant,
  type FilterGradient,
  filterGradient,
  type ImageBatch,
  type PackedConvolution,
  packConvolution,
  spread,
  transposed,
} from '../../kernels/index.js';
import type { CheckedLayer } from '../check-layer.js';
import type { Activations } from './arrangement.js';
import { allocateBatch, type BatchTensor } from './batch-tensor.js';

/** How a product is partitioned. */
export type ProductVariant = Partial<ConvolutionVariant>;

/** The forward product. */
export function packForward(
  engine: Engine,
  { spec }: CheckedLayer,
  { input, output }: Activations,
  variant: ProductVariant,
): PackedConvolution {
  return packBatch(engine, spec, input, output, variant);
}

/** The gradient with respect to the input: commands to run in turn. */
export interface PackedInputGradient {
  readonly commands: readonly Command[];
  readonly convolution: PackedConvolution;
  /** Index in the layer's kernel of every weight of the transposed one. */
  readonly indices: Int32Array;
}

/** The forward kernel on the transposed pattern. The output's gradient is spread before if the layer has strides. */
export function packInputGradient(
  engine: Engine,
  { spec, inputShape: [height, width, channels] }: CheckedLayer,
  { inputGradient, outputGradient }: Activations,
  variant: ProductVariant,
): PackedInputGradient {
  const back = transposed(spec, { height, width, channels });
  const { source, commands } = spreadBatch(engine, spec.strides, outputGradient);
  // A long row of pixels is one to the transposed kernel too: both have one tap and no padding.
  const convolution = packBatch(engine, back.spec, source, inputGradient, variant);
  return { commands: [...commands, convolution.command], convolution, indices: back.indices };
}

/** The gradient with respect to the weights that are active. */
export function packFilterGradient(
  engine: Engine,
  { spec }: CheckedLayer,
  { input, outputGradient }: Activations,
  variant: ProductVariant,
): FilterGradient {
  const batch = batchOf(input, outputGradient);
  return filterGradient(engine, spec, input.first, outputGradient.first, variant, batch);
}

function packBatch(
  engine: Engine,
  spec: ConvolutionSpec,
  input: BatchTensor,
  output: BatchTensor,
  variant: ProductVariant,
): PackedConvolution {
  const batch = batchOf(input, output);
  return packConvolution(engine, spec, input.first, output.first, undefined, variant, batch);
}

function batchOf(input: BatchTensor, output: BatchTensor): ImageBatch {
  // Batches of training lie in main memory, and caches do not see coming which channel a nonzero reads.
  return { count: input.tensors.length, inputStride: input.stride, outputStride: output.stride, touchAhead: true };
}

function spreadBatch(
  engine: Engine,
  strides: readonly [number, number],
  gradient: BatchTensor,
): { readonly source: BatchTensor; readonly commands: readonly Command[] } {
  if (strides[0] === 1 && strides[1] === 1) return { source: gradient, commands: [] };
  const { height, width, channels, lanes } = gradient.first;
  const shape = { height: (height - 1) * strides[0] + 1, width: (width - 1) * strides[1] + 1, channels };
  const source = allocateBatch(engine.heap, shape, lanes, gradient.tensors.length);
  const commands = source.tensors.flatMap((wide, index) => {
    const narrow = gradient.tensors[index];
    return narrow === undefined ? [] : [spread(engine, strides, narrow, wide)];
  });
  return { source, commands };
}
