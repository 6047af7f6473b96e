import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngines } from '../../../test/kernels/engines.js';
import { noise, noiseImage } from '../../../test/kernels/host-image.js';
import { small, stem, suits } from '../../../test/kernels/winograd-cases.js';
import type { Engine } from '../../engine/engine.js';
import type { ConvolutionSpec } from '../convolution/spec.js';

let engines: readonly Engine[];
beforeAll(async () => {
  engines = await loadEngines();
});

describe("Winograd's algorithm suits", () => {
  const image = noiseImage({ height: 16, width: 32, channels: 3 }, 1);
  const withOne = (value: number): Float32Array => stem.kernel.map((weight, i) => (i === 5 ? value : weight));

  it.each<readonly [string, Partial<ConvolutionSpec>, boolean]>([
    ['a stem', {}, true],
    ['a stem without bias', { bias: new Float32Array(32) }, true],
    ['rows further apart', { dilations: [2, 1] }, true],
    ['columns further apart', { dilations: [1, 2], padding: { top: 3, bottom: 3, left: 6, right: 6 } }, false],
    ['half of the weights zero', { kernel: stem.kernel.map((weight, i) => (i % 2 === 0 ? 0 : weight)) }, true],
    ['more than half', { kernel: stem.kernel.map((weight, i) => (i % 2 === 0 || i === 5 ? 0 : weight)) }, false],
    ['an infinite weight', { kernel: withOne(Infinity) }, false],
    ['a weight that is not a number', { kernel: withOne(Number.NaN) }, false],
    ['a huge weight', { kernel: withOne(1e10) }, false],
    ['rows that end within vectors', { padding: { top: 3, bottom: 3, left: 3, right: 1 } }, false],
    ['stride 1: seven taps of one phase', { strides: [2, 1] }, false],
    [
      '3x3 of stride 2, of which nothing is saved',
      { kernelShape: [3, 3, 3, 32], kernel: noise(864, 1), padding: small.padding },
      false,
    ],
    ['few outputs', { kernelShape: [7, 7, 3, 28], kernel: noise(4116, 1) }, false],
    ['outputs that are not fours', { kernelShape: [7, 7, 3, 34], kernel: noise(4998, 1) }, false],
  ])('%s: %#', (_, change, expected) => {
    expect(suits(engines[0]!, { ...stem, ...change }, image, 28)).toBe(expected);
  });

  it('images of few channels only', () => {
    const spec = (channels: number): ConvolutionSpec => ({
      ...stem,
      kernelShape: [7, 7, channels, 32],
      kernel: noise(1568 * channels, 1),
    });
    const four = noiseImage({ ...image, channels: 4 }, 1);
    const five = noiseImage({ ...image, channels: 5 }, 1);
    expect([suits(engines[0]!, spec(4), four, 28), suits(engines[0]!, spec(5), five, 28)]).toEqual([true, false]);
  });
});
