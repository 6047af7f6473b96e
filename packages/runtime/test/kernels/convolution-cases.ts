import fc from 'fast-check';
import type { ImageShape } from '../../src/engine/tensor.js';
import type { ConvolutionSpec, ConvolutionVariant } from '../../src/kernels/convolution/spec.js';
import { anyLanes, anyPadding, anyWidth, pair, sometimesPointwise } from './arbitraries.js';
import { sparseNoise } from './host-image.js';
import { outputSize } from './reference-convolution.js';

/** A convolution, how it is partitioned, and the image that it takes. */
export interface ConvolutionCase {
  readonly lanes: number;
  readonly size: ImageShape;
  readonly spec: ConvolutionSpec;
  readonly variant: ConvolutionVariant;
}

/** Small convolutions of every kind, without bias and activation, in tiles of every width. */
export const convolutionCases: fc.Arbitrary<ConvolutionCase> = fc
  .record({
    lanes: anyLanes,
    height: fc.integer({ min: 1, max: 9 }),
    width: anyWidth,
    pointwise: fc.boolean(),
    kernel: pair(1, 3),
    strides: pair(1, 3),
    dilations: pair(1, 2),
    padding: anyPadding,
    groups: fc.integer({ min: 1, max: 3 }),
    depth: fc.integer({ min: 1, max: 5 }),
    outputs: fc.integer({ min: 1, max: 4 }),
    density: fc.constantFrom(0.1, 0.4, 1),
    variant: fc.record({
      chunk: fc.integer({ min: 1, max: 8 }),
      tiles: fc.integer({ min: 1, max: 4 }),
      splits: fc.integer({ min: 1, max: 3 }),
    }),
  })
  .map(sometimesPointwise)
  .map(({ lanes, height, width, variant, kernel, groups, depth, outputs, density, ...rest }) => ({
    lanes,
    variant,
    size: { height, width, channels: groups * depth },
    spec: {
      ...rest,
      groups,
      activation: 'linear' as const,
      kernelShape: [...kernel, depth, groups * outputs] as const,
      kernel: sparseNoise(kernel[0] * kernel[1] * depth * groups * outputs, density, depth),
    },
  }))
  .filter(({ size, spec }) => outputSize(size, spec).height > 0 && outputSize(size, spec).width > 0);
