import type { TileTensor } from '../../engine/engine.js';
import { tileCount } from '../../engine/tensor.js';
import { countNonzeros } from '../../graph/cost/count-nonzeros.js';
import { isPointwise } from '../window/window.js';
import { type ConvolutionSpec, type ConvolutionVariant, windowOf } from './spec.js';

/** Channels of images: each has so many taps that one fills a near cache. */
const FEW_CHANNELS = 4;

/** Fractions of weights that are not 0 from which on multiplying all may be faster, and usually is. */
const [MAYBE_FULL, RATHER_FULL] = [0.4, 0.8];

/** A good guess without timing. */
export function defaultVariant(spec: ConvolutionSpec, input: TileTensor, output: TileTensor): ConvolutionVariant {
  const [chunk, tiles] = [chunkSizes(spec, input)[0] as number, groupSizes(spec, output)[0] as number];
  return { chunk, tiles, splits: 1 };
}

/**
 * Ways to compute a convolution that are worth timing, the best guess first; among them that which multiplies zeros, so
 * that a plan is not slower than its dense form.
 */
export function convolutionVariants(
  spec: ConvolutionSpec,
  input: TileTensor,
  output: TileTensor,
  threads: number,
): readonly ConvolutionVariant[] {
  const total = tileCount(output);
  const sparse = chunkSizes(spec, input).flatMap(chunk =>
    groupSizes(spec, output).map(tiles => ({ chunk, tiles, splits: splitsFor(Math.ceil(total / tiles), threads) })),
  );
  const density = countNonzeros(spec.kernel) / spec.kernel.length;
  if (density < MAYBE_FULL || density === 1 || spec.groups > 1 || output.channels % 4 !== 0) return sparse;
  const full = sparse.map(variant => ({ ...variant, full: true }));
  return density < RATHER_FULL ? [...sparse, ...full] : [...full, ...sparse];
}

/** Chunks that fit a near cache together with the pixels under the window. */
function chunkSizes({ kernel, kernelShape }: ConvolutionSpec, { channels, lanes }: TileTensor): readonly number[] {
  const density = countNonzeros(kernel) / kernel.length;
  const pointwise = kernelShape[0] * kernelShape[1] === 1;
  const sizes = pointwise ? pointwiseSizes(channels, lanes, density) : windowSizes(channels, lanes, density);
  return distinct(sizes.map(size => Math.min(size, channels)));
}

function pointwiseSizes(channels: number, lanes: number, density: number): readonly number[] {
  if (lanes >= 112) return density > 0.15 ? [64, 128, 256] : [128, 64, 256];
  return lanes < 56 ? [256, channels] : [256, 128, channels];
}

/** The fewer nonzeros a channel has, the less it matters how near its pixels are, and the more what a chunk costs. */
function windowSizes(channels: number, lanes: number, density: number): readonly number[] {
  if (lanes < 112) return lanes < 56 ? [64, 32] : [32, 16];
  if (channels <= FEW_CHANNELS) return [channels, 1];
  return density > 0.07 ? [8, 16, 32] : [32, 64, 16];
}

/** The more tiles share their packed pixels, the fewer are packed twice; rows that end within tiles gain most. */
function groupSizes(spec: ConvolutionSpec, output: TileTensor): readonly number[] {
  const total = tileCount(output);
  if (isPointwise(windowOf(spec))) return distinct([2, 1, 4].map(size => Math.min(size, total)));
  if (output.lanes >= 112) return distinct([1, 2].map(size => Math.min(size, total)));
  if (output.width % output.lanes === 0) return distinct([4, 2].map(size => Math.min(size, output.height)));
  return distinct((total <= 2 ? [1, 2] : [7, 4, 1]).map(size => Math.min(size, total)));
}

function distinct(sizes: readonly number[]): readonly number[] {
  return [...new Set(sizes)];
}

/** Fewest splits that let every thread have an equal share. */
function splitsFor(items: number, threads: number): number {
  return items % threads === 0 || items >= 8 * threads ? 1 : threads;
}
