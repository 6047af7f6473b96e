import fc from 'fast-check';
import type { Command, Engine, TileTensor } from '../../src/engine/engine.js';
import { tensorBytes } from '../../src/engine/tensor.js';
import { plainActivations } from '../../src/graph/activation.js';
import type { Activation } from '../../src/graph/graph.js';
import { packConvolution } from '../../src/kernels/index.js';
import { type ConvolutionCase, convolutionCases } from '../kernels/convolution-cases.js';
import { emptyTensor, noise, noiseImage, sparseNoise, tensorOf } from '../kernels/host-image.js';
import { outputSize } from '../kernels/reference-convolution.js';

/** A convolution with everything that a plan may give it. */
export interface NativeCase extends Omit<ConvolutionCase, 'lanes'> {
  readonly residual: boolean;
  readonly images: number;
  readonly touchAhead: boolean;
}

/** Every activation there is. */
export const activations: readonly Activation[] = [
  ...plainActivations,
  { kind: 'rectifier', slope: 0.1, threshold: 0, maximum: Number.POSITIVE_INFINITY },
  { kind: 'rectifier', slope: 0, threshold: 0.2, maximum: 0.5 },
  { kind: 'elu', alpha: 0.7 },
  { kind: 'hardSigmoid', slope: 0.2, offset: 0.5 },
];

/** Convolutions of every kind. */
export const nativeCases: fc.Arbitrary<NativeCase> = fc
  .record({
    each: convolutionCases,
    activation: fc.constantFrom(...activations),
    bias: fc.boolean(),
    residual: fc.boolean(),
    images: fc.integer({ min: 1, max: 3 }),
    touchAhead: fc.boolean(),
  })
  .map(({ each: { size, spec, variant }, activation, bias, ...rest }) => ({
    ...rest,
    size,
    variant,
    spec: { ...spec, activation, ...(bias && { bias: noise(spec.kernelShape[3], 7) }) },
  }));

/** A convolution of three by three taps, packed in vectors. */
export const SMALL_CASE: NativeCase = {
  size: { height: 9, width: 9, channels: 4 },
  spec: {
    kernel: sparseNoise(9 * 16, 0.4, 3),
    kernelShape: [3, 3, 4, 4],
    strides: [1, 1],
    dilations: [1, 1],
    padding: { top: 1, bottom: 1, left: 1, right: 1 },
    groups: 1,
    activation: 'relu',
  },
  variant: { chunk: 4, tiles: 2, splits: 1 },
  residual: false,
  images: 1,
  touchAhead: true,
};

/** A convolution in the memory of an engine, with what it reads. */
export interface PackedCase {
  readonly command: Command;
  /** Results, one for each image. */
  readonly outputs: readonly TileTensor[];
  /** Where the tables lie that the kernel reads. */
  readonly tables: readonly [begin: number, end: number];
}

/** Packs a convolution for tiles of so many pixels. */
export function pack(engine: Engine, each: NativeCase, lanes: number): PackedCase {
  const { size, spec, variant, residual, images, touchAhead } = each;
  const shape = outputSize(size, spec);
  const seeds = Array.from({ length: images }, (_, image) => image);
  const inputs = seeds.map(seed => tensorOf(engine, noiseImage(size, seed), lanes));
  const outputs = seeds.map(() => emptyTensor(engine, shape, lanes));
  const added = seeds.map(seed => tensorOf(engine, noiseImage(shape, seed + 100), lanes));
  const batch = {
    count: images,
    inputStride: tensorBytes(size, lanes),
    outputStride: tensorBytes(shape, lanes),
    touchAhead,
  };
  const [input, output, residuals] = [inputs[0], outputs[0], added[0]] as [TileTensor, TileTensor, TileTensor];
  const begin = engine.heap.allocate(0);
  const { command } = packConvolution(
    engine,
    spec,
    input,
    output,
    residual ? residuals : undefined,
    variant,
    batch,
    true,
  );
  return { command, outputs, tables: [begin, engine.heap.allocate(0)] };
}
