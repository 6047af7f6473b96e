import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { anyLanes, anyPadding, anyWidth, pair, sometimesPointwise } from '../../../test/kernels/arbitraries.js';
import { expectClose } from '../../../test/kernels/close.js';
import { loadEngines, run } from '../../../test/kernels/engines.js';
import { emptyTensor, noise, noiseImage, readTensor, sparseNoise, tensorOf } from '../../../test/kernels/host-image.js';
import { outputSize, referenceConvolution } from '../../../test/kernels/reference-convolution.js';
import type { Engine } from '../../engine/engine.js';
import { LANES } from '../../engine/lanes.js';
import { allocateTensor, channelView, type ImageShape } from '../../engine/tensor.js';
import { convolution, packConvolution } from './convolution.js';
import type { ConvolutionSpec, ConvolutionVariant } from './spec.js';
import { convolutionVariants } from './variants.js';

let engines: readonly Engine[];
beforeAll(async () => {
  engines = await loadEngines();
});

interface Case {
  readonly lanes: number;
  readonly size: ImageShape;
  readonly spec: ConvolutionSpec;
  readonly residual: boolean;
  readonly variant: ConvolutionVariant;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    lanes: anyLanes,
    height: fc.integer({ min: 1, max: 14 }),
    width: anyWidth,
    pointwise: fc.boolean(),
    kernel: pair(1, 4),
    strides: pair(1, 3),
    dilations: pair(1, 2),
    padding: anyPadding,
    groups: fc.integer({ min: 1, max: 4 }),
    depth: fc.integer({ min: 1, max: 9 }),
    outputs: fc.integer({ min: 1, max: 5 }),
    density: fc.constantFrom(0.02, 0.3, 1),
    activation: fc.constantFrom('linear' as const, 'relu' as const, 'relu6' as const),
    bias: fc.boolean(),
    residual: fc.boolean(),
    variant: fc.record({
      chunk: fc.integer({ min: 1, max: 12 }),
      tiles: fc.integer({ min: 1, max: 4 }),
      splits: fc.integer({ min: 1, max: 3 }),
      full: fc.boolean(),
    }),
  })
  .map(sometimesPointwise)
  .map(({ height, width, kernel, groups, depth, outputs, density, bias, lanes, residual, variant, ...rest }) => ({
    lanes,
    residual,
    variant,
    size: { height, width, channels: groups * depth },
    spec: {
      ...rest,
      groups,
      kernelShape: [...kernel, depth, groups * outputs] as const,
      kernel: sparseNoise(kernel[0] * kernel[1] * depth * groups * outputs, density, depth),
      ...(bias && { bias: noise(groups * outputs, 7) }),
    },
  }))
  .filter(({ size, spec }) => outputSize(size, spec).height > 0 && outputSize(size, spec).width > 0);

function check(engine: Engine, { lanes, size, spec, residual, variant }: Case): void {
  const image = noiseImage(size, 1);
  const shape = outputSize(size, spec);
  const added = residual ? noiseImage(shape, 2) : undefined;
  const output = emptyTensor(engine, shape, lanes);
  run(
    engine,
    convolution(engine, spec, tensorOf(engine, image, lanes), output, added && tensorOf(engine, added, lanes), variant),
  );
  expectClose(readTensor(engine, output), referenceConvolution(image, spec, added));
}

describe('a convolution', () => {
  test.each([0, 1])('is what a slow loop gives, for any shape, partitioned in any way (engine %i)', index => {
    fc.assert(
      fc.property(cases, each => check(engines[index]!, each)),
      { numRuns: 250 },
    );
  });

  const base: ConvolutionSpec = {
    kernel: sparseNoise(9 * 8 * 8, 0.3, 3),
    kernelShape: [3, 3, 8, 8],
    strides: [1, 1],
    dilations: [1, 1],
    padding: { top: 1, bottom: 1, left: 1, right: 1 },
    groups: 1,
    activation: 'relu',
  };
  const depthwise: Partial<ConvolutionSpec> = { groups: 8, kernel: noise(72, 4), kernelShape: [3, 3, 1, 8] };
  const pointwise: Partial<ConvolutionSpec> = {
    kernel: sparseNoise(64, 0.4, 5),
    kernelShape: [1, 1, 8, 8],
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
  };

  test.each<Partial<ConvolutionSpec> & { readonly why: string; readonly size?: readonly [number, number] }>([
    { why: 'two tiles a row', size: [6, 56] },
    { why: 'two rows a tile', size: [14, 14] },
    { why: 'four rows a tile and a short last tile', size: [7, 7] },
    { why: 'stride 2 into two tiles a row', strides: [2, 2], size: [7, 112] },
    { why: 'stride 2 into rows that share tiles', strides: [2, 2], size: [14, 14] },
    { why: 'rows longer than a tile that do not fill whole tiles', size: [5, 45] },
    { why: 'depthwise, two tiles a row', ...depthwise, size: [9, 56] },
    { why: 'depthwise with stride 2', ...depthwise, strides: [2, 2], size: [14, 14] },
    { why: 'pointwise', ...pointwise, size: [7, 7] },
    { why: 'pointwise with stride 2', ...pointwise, strides: [2, 2], size: [14, 14] },
    { why: 'no zeros', kernel: noise(576, 3) },
    { why: 'no zeros, pointwise', ...pointwise, kernel: noise(64, 3), size: [9, 13] },
    { why: 'no zeros, stride 2', kernel: noise(576, 3), strides: [2, 2], size: [7, 112] },
    { why: 'only zeros', kernel: new Float32Array(576), size: [3, 30] },
    { why: 'a kernel larger than the image', size: [1, 2] },
  ])('is right for every tile width and variant: $why', ({ why: _, size: [height, width] = [7, 7], ...change }) => {
    const spec = { ...base, ...change };
    const size = { height, width, channels: 8 };
    for (const engine of engines) {
      for (const lanes of LANES) {
        const [input, output] = [
          allocateTensor(engine.heap, size, lanes),
          allocateTensor(engine.heap, outputSize(size, spec), lanes),
        ];
        for (const variant of convolutionVariants(spec, input, output, 2)) {
          check(engine, { lanes, size, spec, residual: true, variant });
        }
      }
    }
  });

  it('adds a residual that is its own output', () => {
    const engine = engines[0]!;
    const image = noiseImage({ height: 7, width: 9, channels: 8 }, 1);
    const added = noiseImage(image, 2);
    const output = tensorOf(engine, added, 28);
    run(engine, convolution(engine, base, tensorOf(engine, image, 28), output, output));
    expectClose(readTensor(engine, output), referenceConvolution(image, base, added));
  });

  it('reads and writes channels of wider tensors and leaves their other channels alone', () => {
    const engine = engines[0]!;
    const wide = noiseImage({ height: 6, width: 6, channels: 20 }, 1);
    const joined = noiseImage({ height: 6, width: 6, channels: 12 }, 2);
    const output = tensorOf(engine, joined, 16);
    const view = channelView(output, 3, 8);
    run(engine, convolution(engine, base, channelView(tensorOf(engine, wide, 16), 5, 8), view));
    const part = { ...wide, channels: 8, values: wide.values.filter((_, i) => i % 20 >= 5 && i % 20 < 13) };
    expectClose(readTensor(engine, view), referenceConvolution(part, base));
    const others = (values: Float32Array): Float32Array => values.filter((_, i) => i % 12 < 3 || i % 12 >= 11);
    expect(others(readTensor(engine, output))).toEqual(others(joined.values));
  });

  it('lets NaN and infinities through its activation as TensorFlow.js does, and past weights of zero', () => {
    const engine = engines[0]!;
    const image = {
      height: 1,
      width: 4,
      channels: 2,
      values: Float32Array.of(Number.NaN, 1, 2, Number.NaN, Infinity, 1, -Infinity, 1),
    };
    const spec: ConvolutionSpec = { ...base, ...pointwise, kernel: Float32Array.of(1, 0), kernelShape: [1, 1, 2, 1] };
    const values = (activation: ConvolutionSpec['activation']): number[] => {
      const output = emptyTensor(engine, { height: 1, width: 4, channels: 1 }, 28);
      run(engine, convolution(engine, { ...spec, activation }, tensorOf(engine, image, 28), output));
      return [...readTensor(engine, output)];
    };
    expect(values('linear')).toEqual([Number.NaN, 2, Infinity, -Infinity]);
    expect(values('relu')).toEqual([Number.NaN, 2, Infinity, 0]);
    expect(values('relu6')).toEqual([Number.NaN, 2, 6, 0]);
  });

  it('convolves a batch of images that lie one after the other', () => {
    const engine = engines[0]!;
    const images = [1, 2, 3].map(seed => noiseImage({ height: 7, width: 7, channels: 8 }, seed));
    const inputs = images.map(image => tensorOf(engine, image, 28));
    const outputs = images.map(image => emptyTensor(engine, image, 28));
    const inputStride = inputs[1]!.address - inputs[0]!.address;
    const outputStride = outputs[1]!.address - outputs[0]!.address;
    for (const spec of [base, { ...base, ...pointwise }]) {
      const batch = { count: 3, inputStride, outputStride, touchAhead: true };
      run(engine, packConvolution(engine, spec, inputs[0]!, outputs[0]!, undefined, {}, batch).command);
      for (const [i, image] of images.entries()) {
        expectClose(readTensor(engine, outputs[i]!), referenceConvolution(image, spec));
      }
    }
  });
});
