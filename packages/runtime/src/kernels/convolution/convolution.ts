import type { Command, Engine, TileTensor } from '../../engine/engine.js';
import { tensorBytes, tileCount } from '../../engine/tensor.js';
import { activationWord } from '../activation-codes.js';
import { NEAR_BYTES, vectorFloats } from '../native.js';
import { vectorPacker } from '../window/packers.js';
import { writeWords } from '../write-record.js';
import type { PackedChunk } from './pack-weights.js';
import { packPattern } from './pattern.js';
import type { ConvolutionSpec, ConvolutionVariant } from './spec.js';
import { defaultVariant } from './variants.js';

/** Images that lie one after the other, all taken by one command. */
export interface ImageBatch {
  readonly count: number;
  /** Bytes from one image to the next. */
  readonly inputStride: number;
  readonly outputStride: number;
  /** Whether to fetch the next tile ahead; pays where activations lie in main memory. */
  readonly touchAhead: boolean;
}

/** A single image. */
export const ONE_IMAGE: ImageBatch = { count: 1, inputStride: 0, outputStride: 0, touchAhead: false };

/** A packed convolution: what to run, and where its weights are, so that they can be exchanged. */
export interface PackedConvolution {
  readonly command: Command;
  readonly chunks: readonly PackedChunk[];
}

/**
 * `output = activation(convolution(input) + bias + residual)`. Input and output must not overlap; the residual may be
 * the output. A weight of zero takes no part: unlike in a dense engine, 0 * NaN and 0 * Infinity add nothing.
 */
export function convolution(
  engine: Engine,
  spec: ConvolutionSpec,
  input: TileTensor,
  output: TileTensor,
  residual?: TileTensor,
  variant: Partial<ConvolutionVariant> = {},
): Command {
  return packConvolution(engine, spec, input, output, residual, variant, ONE_IMAGE, true).command;
}

/**
 * The same, and where the weights lie. Without `quads` they can be exchanged. With `when`, the address of a word,
 * nothing is done while that is 0.
 */
export function packConvolution(
  { heap, native }: Engine,
  spec: ConvolutionSpec,
  input: TileTensor,
  output: TileTensor,
  residual?: TileTensor,
  variant: Partial<ConvolutionVariant> = {},
  batch: ImageBatch = ONE_IMAGE,
  quads = false,
  when = 0,
): PackedConvolution {
  const cut = { ...defaultVariant(spec, input, output), ...variant };
  const { layout, groupTable, splitTable, splits, scratch } = packPattern(
    heap,
    spec,
    input,
    output,
    cut,
    quads,
    native && vectorPacker(vectorFloats(native)),
  );
  const record = writeWords(heap, [
    output.lanes,
    layout.groups.length,
    splits.length,
    groupTable,
    splitTable,
    input.address,
    input.tileStride,
    layout.channelBytes,
    layout.step,
    output.address,
    output.tileStride,
    residual?.address ?? 0,
    residual?.tileStride ?? 0,
    activationWord(heap, spec.activation),
    batch.inputStride,
    batch.outputStride,
    batch.outputStride,
    batch.touchAhead || (native && tensorBytes(input, input.lanes) > NEAR_BYTES) ? tileCount(input) : 0,
    when,
    output.height * output.width,
  ]);
  const items = layout.groups.length * splits.length * batch.count;
  return { command: { kernel: 'convolution', record, items, scratch }, chunks: splits.flat() };
}
