import fc from 'fast-check';
import { beforeAll, describe, it, test } from 'vitest';
import { expectClose } from '../../../test/kernels/close.js';
import { convolutionCases } from '../../../test/kernels/convolution-cases.js';
import { loadEngines, run } from '../../../test/kernels/engines.js';
import {
  emptyTensor,
  type HostImage,
  noise,
  noiseImage,
  readTensor,
  sparseNoise,
  tensorOf,
} from '../../../test/kernels/host-image.js';
import { eachProduct } from '../../../test/kernels/products.js';
import { outputSize, referenceConvolution } from '../../../test/kernels/reference-convolution.js';
import type { Engine } from '../../engine/engine.js';
import { packConvolution } from '../convolution/convolution.js';
import type { ConvolutionSpec } from '../convolution/spec.js';
import { spread } from '../layout.js';
import { writeFloats } from '../write-record.js';
import { filterGradient } from './filter-gradient.js';
import { refreshWeights } from './refresh-weights.js';
import { transposed } from './transposed.js';

let engines: readonly Engine[];
beforeAll(async () => {
  engines = await loadEngines();
});

describe('the gradient with respect to the weights', () => {
  test.each([0, 1])('is what a slow loop gives at the nonzeros, for any shape (engine %i)', index => {
    const engine = engines[index] as Engine;
    fc.assert(
      fc.property(convolutionCases, ({ lanes, size, spec, variant }) => {
        const [image, gradient] = [noiseImage(size, 1), noiseImage(outputSize(size, spec), 2)];
        const [input, dy] = [tensorOf(engine, image, lanes), tensorOf(engine, gradient, lanes)];
        const { command, ranges } = filterGradient(engine, spec, input, dy, variant);
        run(engine, command);
        const expected = new Float64Array(spec.kernel.length);
        eachProduct(size, spec, (weight, from, to) => {
          if (spec.kernel[weight] !== 0) expected[weight]! += image.values[from]! * gradient.values[to]!;
        });
        const actual = new Float32Array(spec.kernel.length);
        for (const { values, order } of ranges) {
          const floats = engine.heap.floats(values, order.length);
          order.forEach((at, i) => {
            actual[at] = floats[i]!;
          });
        }
        expectClose(actual, expected);
      }),
      { numRuns: 150 },
    );
  });

  it('is the sum over the images of a batch', () => {
    const engine = engines[0]!;
    const size = { height: 7, width: 7, channels: 6 };
    const spec: ConvolutionSpec = {
      kernel: sparseNoise(9 * 36, 0.4, 1),
      kernelShape: [3, 3, 6, 6],
      strides: [1, 1],
      dilations: [1, 1],
      padding: { top: 1, bottom: 1, left: 1, right: 1 },
      groups: 1,
      activation: 'linear',
    };
    const images = [1, 2, 3].map(seed => noiseImage(size, seed));
    const gradients = [4, 5, 6].map(seed => noiseImage(size, seed));
    const inputs = images.map(image => tensorOf(engine, image, 28));
    const dys = gradients.map(image => tensorOf(engine, image, 28));
    const stride = (tensors: typeof inputs): number => tensors[1]!.address - tensors[0]!.address;
    const batch = { count: 3, inputStride: stride(inputs), outputStride: stride(dys), touchAhead: true };
    const { command, ranges } = filterGradient(engine, spec, inputs[0]!, dys[0]!, { splits: 2 }, batch);
    run(engine, command);
    const expected = new Float64Array(spec.kernel.length);
    images.forEach((image, i) => {
      eachProduct(size, spec, (weight, from, to) => {
        expected[weight]! += image.values[from]! * gradients[i]!.values[to]!;
      });
    });
    for (const { values, order } of ranges) {
      expectClose(
        engine.heap.floats(values, order.length),
        Float64Array.from(order, index => expected[index]!),
      );
    }
  });
});

describe('the gradient with respect to the input', () => {
  it('is the transposed convolution of the spread gradient with respect to the output, for any shape', () => {
    const engine = engines[0]!;
    fc.assert(
      fc.property(convolutionCases, ({ lanes, size, spec, variant }) => {
        const gradient: HostImage = noiseImage(outputSize(size, spec), 2);
        const { spec: back } = transposed(spec, size);
        const dilated = {
          height: (gradient.height - 1) * spec.strides[0] + 1,
          width: (gradient.width - 1) * spec.strides[1] + 1,
          channels: gradient.channels,
        };
        const [wide, dx] = [emptyTensor(engine, dilated, lanes), emptyTensor(engine, size, lanes)];
        run(engine, spread(engine, spec.strides, tensorOf(engine, gradient, lanes), wide));
        run(engine, packConvolution(engine, back, wide, dx, undefined, variant).command);
        const expected = new Float64Array(size.height * size.width * size.channels);
        eachProduct(size, spec, (weight, from, to) => {
          expected[from]! += spec.kernel[weight]! * gradient.values[to]!;
        });
        expectClose(readTensor(engine, dx), expected);
      }),
      { numRuns: 150 },
    );
  });
});

test('refreshed weights are those of the new kernel, also in a transposed convolution', () => {
  const engine = engines[0]!;
  fc.assert(
    fc.property(convolutionCases, ({ lanes, size, spec, variant }) => {
      const fresh = noise(spec.kernel.length, 77).map((value, i) => (spec.kernel[i] === 0 ? 0 : value));
      const address = writeFloats(engine.heap, fresh);
      const square = { ...spec, strides: [1, 1] as const };
      const shape = outputSize(size, square);
      if (shape.height < 1 || shape.width < 1) return;
      const back = transposed(square, size);
      const directions = [
        { spec: square, from: size, to: shape, indices: undefined, kernel: fresh },
        {
          spec: back.spec,
          from: shape,
          to: size,
          indices: back.indices,
          kernel: transposed({ ...square, kernel: fresh }, size).spec.kernel,
        },
      ];
      for (const { spec: each, from, to, indices, kernel } of directions) {
        const image = noiseImage(from, 3);
        const output = emptyTensor(engine, to, lanes);
        const { command, chunks } = packConvolution(
          engine,
          each,
          tensorOf(engine, image, lanes),
          output,
          undefined,
          variant,
        );
        run(engine, refreshWeights(engine, chunks, address, indices));
        run(engine, command);
        expectClose(readTensor(engine, output), referenceConvolution(image, { ...each, kernel }));
      }
    }),
    { numRuns: 50 },
  );
});
