import type { Command, Engine, Heap, TileTensor } from '../../engine/engine.js';
import { tileCount } from '../../engine/tensor.js';
import { type ImageBatch, ONE_IMAGE } from '../convolution/convolution.js';
import type { PackedChunk } from '../convolution/pack-weights.js';
import { packPattern } from '../convolution/pattern.js';
import type { ConvolutionSpec, ConvolutionVariant } from '../convolution/spec.js';
import { defaultVariant } from '../convolution/variants.js';
import { writeWords } from '../write-record.js';

/** Gradients of weights that follow each other in the heap. */
export interface GradientRange {
  /** Address of one float per weight. */
  readonly values: number;
  /** Index into the kernel of every weight. */
  readonly order: Int32Array;
}

/** What to run, and where the gradients are then. */
export interface FilterGradient {
  readonly command: Command;
  readonly ranges: readonly GradientRange[];
}

/**
 * Gradient of the loss with respect to the nonzero weights of a convolution, and no others: the products of the input
 * and of the gradient with respect to the output, summed over all pixels and images. Only the places of the nonzeros in
 * `spec.kernel` matter; bias and activation do not. `variant.splits` is the number of work items.
 */
export function filterGradient(
  { heap }: Engine,
  spec: ConvolutionSpec,
  input: TileTensor,
  outputGradient: TileTensor,
  variant: Partial<ConvolutionVariant> = {},
  batch: ImageBatch = ONE_IMAGE,
): FilterGradient {
  const cut = { ...defaultVariant(spec, input, outputGradient), ...variant };
  const pattern = packPattern(heap, { ...spec, activation: 'linear' }, input, outputGradient, cut);
  const { layout, splits } = pattern;
  const tileBytes = outputGradient.lanes * 4;
  const most = Math.max(...splits.flat().map(packed => packed.chunk.inputs));
  // Of the tile that has lanes to spare, copies without them are used.
  const copy = pattern.scratch + (layout.channelBytes === 0 ? most * tileBytes : 0);
  const scratch = copy + outputGradient.channels * tileBytes;
  const results = splits.map(chunks => allocateResult(heap, chunks, outputGradient.lanes));
  const tiles = tileCount(outputGradient);
  const spare = tiles * outputGradient.lanes - outputGradient.height * outputGradient.width;
  const record = writeWords(heap, [
    outputGradient.lanes,
    layout.groups.length,
    pattern.groupTable,
    pattern.splitTable,
    writeWords(
      heap,
      results.flatMap(({ sums, values, count }) => [sums, values, count]),
    ),
    input.address,
    input.tileStride,
    layout.channelBytes,
    layout.step,
    outputGradient.address,
    outputGradient.tileStride,
    batch.count,
    batch.inputStride,
    batch.outputStride,
    spare > 0 ? tiles - 1 : -1,
    writeWords(
      heap,
      Array.from({ length: outputGradient.lanes }, (_, lane) => (lane < outputGradient.lanes - spare ? -1 : 0)),
    ),
    batch.touchAhead ? tiles : 0,
    outputGradient.channels,
    copy,
  ]);
  return {
    command: { kernel: 'filterGradient', record, items: splits.length, scratch },
    ranges: results.flatMap(result => result.ranges),
  };
}

interface Result {
  readonly sums: number;
  readonly values: number;
  readonly count: number;
  readonly ranges: readonly GradientRange[];
}

/** Room for four partial sums, eight where tiles are wide, and one gradient per nonzero. */
function allocateResult(heap: Heap, chunks: readonly PackedChunk[], lanes: number): Result {
  const count = chunks.reduce((sum, { order }) => sum + order.length, 0);
  const sums = heap.allocate(count * (lanes > 32 ? 32 : 16) + 16);
  const values = heap.allocate(count * 4 + 16);
  let at = values;
  const ranges = chunks.map(({ order }) => {
    const range = { values: at, order };
    at += order.length * 4;
    return range;
  });
  return { sums, values, count, ranges };
}
