import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, Engine, NativeChoice, TileTensor } from '../../src/engine/engine.js';
import { NATIVE_LANES } from '../../src/engine/lanes.js';
import { loadEngine } from '../../src/engine/load.js';
import { allocateVector, type ImageShape } from '../../src/engine/tensor.js';
import { type ConvolutionSpec, dense, depthwise, pool } from '../../src/kernels/index.js';
import { anyPadding, anyWidth, pair } from '../kernels/arbitraries.js';
import { expectClose } from '../kernels/close.js';
import { run } from '../kernels/engines.js';
import { emptyTensor, noise, noiseImage, readTensor, sparseNoise, tensorOf } from '../kernels/host-image.js';
import { outputSize, referenceConvolution } from '../kernels/reference-convolution.js';
import { nativeChoices, nativeState } from './native-choices.js';

const cases = fc.record({
  height: fc.integer({ min: 1, max: 15 }),
  width: anyWidth,
  channels: fc.integer({ min: 2, max: 21 }),
  size: pair(1, 5),
  strides: pair(1, 3),
  dilations: pair(1, 2),
  padding: anyPadding,
});

type WindowCase = typeof cases extends fc.Arbitrary<infer Case> ? Case : never;

const shapeOf = ({ height, width, channels }: WindowCase): ImageShape => ({ height, width, channels });

/** Engines of this test alone: heaps are never given back. */
const engineOf = (native: NativeChoice): Promise<Engine> => loadEngine({ native, instructions: 'simd' });

function compute(engine: Engine, each: WindowCase, output: ImageShape, lanes: number, make: Make): Float32Array {
  const [x, y] = [tensorOf(engine, noiseImage(shapeOf(each), 1), lanes), emptyTensor(engine, output, lanes)];
  const command = make(x, y);
  expect(engine.native?.check(command, command.scratch)).toBeUndefined();
  run(engine, command);
  return readTensor(engine, y);
}

type Make = (x: TileTensor, y: TileTensor) => Command;

describe.skipIf(nativeChoices.length === 0)(`native kernels (${nativeState})`, () => {
  describe.each(nativeChoices)('by $instructions', native => {
    const widths = fc.constantFrom(...NATIVE_LANES[native.instructions]);

    it('of depthwise convolutions give their definition, for any window and stride', async () => {
      const engine = await engineOf(native);
      fc.assert(
        fc.property(cases, widths, fc.constantFrom('linear', 'relu', 'relu6'), (each, lanes, activation) => {
          const [rows, columns] = each.size;
          const spec: ConvolutionSpec = {
            kernel: noise(rows * columns * each.channels, 2),
            kernelShape: [rows, columns, 1, each.channels],
            bias: noise(each.channels, 3),
            strides: each.strides,
            dilations: each.dilations,
            padding: each.padding,
            groups: each.channels,
            activation,
          };
          const shape = outputSize(shapeOf(each), spec);
          fc.pre(shape.height > 0 && shape.width > 0);
          const actual = compute(engine, each, shape, lanes, (x, y) =>
            depthwise(engine, engine.native as NonNullable<Engine['native']>, spec, x, y),
          );
          expectClose(actual, referenceConvolution(noiseImage(shapeOf(each), 1), spec));
        }),
        { numRuns: 200 },
      );
    });

    it('of pools give what those in WebAssembly give', async () => {
      const [engine, wasm] = [await engineOf(native), await loadEngine({ instructions: 'simd' })];
      fc.assert(
        fc.property(cases, widths, fc.constantFrom('max', 'average'), (each, lanes, mode) => {
          const [rows, columns] = each.size;
          // Every window must see a pixel, as everywhere in this library.
          const padding = {
            top: Math.min(each.padding.top, rows - 1),
            bottom: Math.min(each.padding.bottom, rows - 1),
            left: Math.min(each.padding.left, columns - 1),
            right: Math.min(each.padding.right, columns - 1),
          };
          const spec = { mode, size: each.size, strides: each.strides, padding } as const;
          const window = { ...spec, kernelShape: [rows, columns, 1, each.channels], dilations: [1, 1] } as const;
          const shape = outputSize(shapeOf(each), window);
          fc.pre(shape.height > 0 && shape.width > 0);
          const resultOf = (on: Engine, tile: number): Float32Array =>
            compute(on, each, shape, tile, (x, y) => pool(on, spec, x, y));
          expectClose(resultOf(engine, lanes), resultOf(wasm, 32));
        }),
        { numRuns: 100 },
      );
    });

    it('of fully connected layers give what those in WebAssembly give', async () => {
      const [engine, wasm] = [await engineOf(native), await loadEngine({ instructions: 'simd' })];
      const sizes = pair(1, 130);
      fc.assert(
        fc.property(sizes, fc.constantFrom(0.1, 0.9), fc.constantFrom('relu', 'tanh'), (size, density, activation) => {
          const [inputs, outputs] = size;
          const spec = { kernel: sparseNoise(inputs * outputs, density, 1), bias: noise(outputs, 2), activation };
          const resultOf = (on: Engine): Float32Array => {
            const [x, y] = [allocateVector(on.heap, inputs), allocateVector(on.heap, outputs)];
            on.heap.floats(x.address, inputs).set(noise(inputs, 3));
            run(on, dense(on, spec, x, y));
            return on.heap.floats(y.address, outputs).slice();
          };
          expectClose(resultOf(engine), resultOf(wasm));
        }),
        { numRuns: 60 },
      );
    });
  });
});
