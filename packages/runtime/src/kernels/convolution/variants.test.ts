import { describe, expect, it } from 'vitest';
import { noise } from '../../../test/kernels/host-image.js';
import { tensorAt } from '../../engine/tensor.js';
import type { ConvolutionSpec } from './spec.js';
import { convolutionVariants } from './variants.js';

/** A pointwise convolution of 8 to 8 channels, the first `nonzeros` of its 64 weights not 0. */
function pointwise(nonzeros: number, change: Partial<ConvolutionSpec> = {}): ConvolutionSpec {
  return {
    kernel: noise(64, 1).map((weight, i) => (i < nonzeros ? weight + 2 : 0)),
    kernelShape: [1, 1, 8, 8],
    strides: [1, 1],
    dilations: [1, 1],
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    groups: 1,
    activation: 'linear',
    ...change,
  };
}

function fullOnes(spec: ConvolutionSpec): readonly boolean[] {
  const image = tensorAt(64, { height: 8, width: 8, channels: 8 }, 16);
  return convolutionVariants(spec, image, image, 1).map(({ full }) => full === true);
}

describe('multiplying zeros, too', () => {
  it('is not timed where fewer than 40 % of the weights are not 0', () => {
    // 25 of 64 are 39 %, 26 are 41 %.
    expect(fullOnes(pointwise(25))).not.toContain(true);
    expect(fullOnes(pointwise(26))).toContain(true);
  });

  it('is guessed from 80 % on, and leaving zeros out is timed beside it', () => {
    // 51 of 64 are 79.7 %, 52 are 81 %.
    expect(fullOnes(pointwise(51))[0]).toBe(false);
    expect(fullOnes(pointwise(52))[0]).toBe(true);
    expect(fullOnes(pointwise(52))).toContain(false);
  });

  it('is not asked for where there are no zeros, or rows cannot be taken by fours', () => {
    expect(fullOnes(pointwise(64))).not.toContain(true);
    expect(fullOnes(pointwise(60, { groups: 2, kernelShape: [1, 1, 4, 16] }))).not.toContain(true);
  });
});
