import type { TileTensor } from '../../engine/engine.js';
import { countNonzeros } from '../../graph/cost/count-nonzeros.js';
import type { ConvolutionSpec } from '../convolution/spec.js';
import { windowOf } from '../convolution/spec.js';
import { axesOf, reachesOf, tapsOf } from '../window/window.js';
import { MOST_TAPS, NEIGHBORS, pointsFor } from './transform-weights.js';

/** Channels whose transformed pixels stay in the near caches. */
const MOST_CHANNELS = 4;

/** Fours of pixels that vectors hold: rows are as long as whole vectors. */
const VECTOR = 4;

/** What transforming may leave of the products and still pay. */
const WORTH = 0.7;

/** Fraction of weights that are not 0 below which it is faster to leave zeros out: here they take part. */
const LEAST_DENSITY = 0.5;

/** Output channels among which the work of transforming pixels is shared. */
const FEWEST_OUTPUTS = 32;

/** Weights and pixels up to these sizes leave room for what is done with them. */
const LARGEST_WEIGHT = 2 ** 30;
/** The same for pixels. */
export const LARGEST_PIXEL: number = 2 ** 60;

/**
 * Whether a convolution can be computed by Winograd's algorithm, and faster: dense ones of few channels and long rows,
 * such as the stems of networks.
 */
export function suitsWinograd(spec: ConvolutionSpec, input: TileTensor, output: TileTensor): boolean {
  const [, columns] = axesOf(windowOf(spec));
  const phases = reachesOf(tapsOf(columns)).map(({ first, last }) => last - first + 1);
  const products = phases.reduce((sum, taps) => sum + pointsFor(taps), 0);
  return (
    spec.groups === 1 &&
    columns.dilation === 1 &&
    input.channels <= MOST_CHANNELS &&
    output.channels % 4 === 0 &&
    output.channels >= FEWEST_OUTPUTS &&
    output.width % (NEIGHBORS * VECTOR) === 0 &&
    phases.every(taps => taps <= MOST_TAPS) &&
    products <= WORTH * NEIGHBORS * columns.taps &&
    countNonzeros(spec.kernel) >= LEAST_DENSITY * spec.kernel.length &&
    spec.kernel.every(weight => Math.abs(weight) <= LARGEST_WEIGHT)
  );
}
