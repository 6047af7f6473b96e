import { InvalidOptionError } from '../errors/option-errors.js';

/** A kernel of a network that comes without masks. */
export interface UnmaskedKernel {
  /** Name of the weight. */
  readonly name: string;
  /** Sizes of its axes, as in TensorFlow.js. */
  readonly shape: readonly number[];
  /** Its entries, row-major. */
  readonly values: Float32Array;
  /**
   * Whether it is the kernel of a depthwise convolution, `[height, width, channels, multiplier]`.
   *
   * @defaultValue false
   */
  readonly depthwise?: boolean | undefined;
}

/** Fraction of zeros from which on they are not there by chance. */
const leastSparsity = 0.4;

/**
 * Masks of a network that was saved by something that knows no masks: where at least two fifths of the entries of all
 * its kernels are 0, these zeros are masked, so that the network stays sparse when it is trained. Fewer come of 8-bit
 * weights, of units that died or of chance, and may be trained; so may a kernel that is 0 throughout.
 *
 * Kernels of depthwise convolutions, which are dense by default, count apart, each by itself, and without the channels
 * that are 0 throughout: those died, as they do in published mobile networks, and nobody pruned them.
 *
 * @param kernels - The prunable kernels, and those of depthwise convolutions.
 * @returns A mask for each kernel, 1 = active, of nothing but ones in a dense network; of depthwise kernels only for
 *   those that were pruned.
 * @throws {@link InvalidOptionError} if it is no list of kernels.
 *
 * @example Three of four entries are 0; one of four would be chance.
 * ```ts
 * import { masksOfZeros } from '@espalier/core';
 *
 * const sparse = { name: 'a/kernel', shape: [2, 2], values: Float32Array.of(1, 0, 0, 0) };
 * console.log(masksOfZeros([sparse]).get('a/kernel')); // Uint8Array [1, 0, 0, 0]
 * ```
 */
export function masksOfZeros(kernels: readonly UnmaskedKernel[]): Map<string, Uint8Array> {
  requireKernels(kernels);
  const plain = kernels.filter(({ depthwise }) => !depthwise);
  const entries = plain.reduce((sum, { values }) => sum + values.length, 0);
  const sparse = plain.reduce((sum, { values }) => sum + zerosOf(values), 0) >= leastSparsity * entries;
  const masks = new Map<string, Uint8Array>();
  for (const { name, values, shape, depthwise } of kernels) {
    const masked = depthwise ? isPruned(values, shape) : sparse && zerosOf(values) < values.length;
    if (masked || !depthwise)
      masks.set(
        name,
        Uint8Array.from(values, value => (masked && value === 0 ? 0 : 1)),
      );
  }
  return masks;
}

function zerosOf(values: Float32Array): number {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return zeros;
}

/** Whether the channels of a depthwise kernel that are not 0 throughout have many zeros. */
function isPruned(values: Float32Array, shape: readonly number[]): boolean {
  const channels = shape.slice(2).reduce((product, side) => product * side, 1);
  const places = values.length / channels;
  let [entries, zeros] = [0, 0];
  for (let channel = 0; channel < channels; channel++) {
    let none = 0;
    for (let i = channel; i < values.length; i += channels) if (values[i] === 0) none++;
    if (none === places) continue;
    entries += places;
    zeros += none;
  }
  return entries > 0 && zeros >= leastSparsity * entries;
}

function requireKernels(kernels: unknown): void {
  if (!Array.isArray(kernels)) throw new InvalidOptionError('kernels', kernels, 'a list of kernels');
  for (const kernel of kernels as unknown[]) {
    const { name, shape, values } = (kernel ?? {}) as Partial<UnmaskedKernel>;
    const sides = Array.isArray(shape) && shape.every(side => Number.isSafeInteger(side) && side >= 0);
    const size = sides ? (shape as number[]).reduce((product, side) => product * side, 1) : -1;
    if (typeof name === 'string' && values instanceof Float32Array && values.length === size) continue;
    throw new InvalidOptionError('kernels', kernel, 'kernels with name, shape, and as many values as fit in the shape');
  }
}
