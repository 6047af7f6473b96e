import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { anyLanes, anyPadding, anyWidth, pair } from '../../test/kernels/arbitraries.js';
import { expectClose } from '../../test/kernels/close.js';
import { loadEngines, run } from '../../test/kernels/engines.js';
import { emptyTensor, type HostImage, noise, noiseImage, readTensor, tensorOf } from '../../test/kernels/host-image.js';
import { activate as activated } from '../../test/kernels/reference-convolution.js';
import type { Engine } from '../engine/engine.js';
import { allocateVector, channelView, vectorAt } from '../engine/tensor.js';
import type { Activation } from '../graph/graph.js';
import { activate, add, normalize } from './elementwise.js';
import { globalPool } from './global-pool.js';
import { flatten, fromNchw, fromNhwc, spread, zeroPad } from './layout.js';
import { writeFloats } from './write-record.js';

describe.each([0, 1])('with instruction set %i', index => {
  let engine: Engine;
  beforeAll(async () => {
    engine = (await loadEngines())[index]!;
  });

  const images: fc.Arbitrary<HostImage> = fc
    .record({ height: fc.integer({ min: 1, max: 9 }), width: anyWidth, channels: fc.integer({ min: 1, max: 21 }) })
    .map(shape => noiseImage(shape, shape.channels));
  const activations = fc.constantFrom<Activation>('linear', 'relu', 'relu6');

  /** Pixel (y, x) of an image, or zeros. */
  function pixel({ height, width, channels, values }: HostImage, y: number, x: number): Float32Array {
    if (y < 0 || x < 0 || y >= height || x >= width) return new Float32Array(channels);
    return values.subarray((y * width + x) * channels, (y * width + x + 1) * channels);
  }

  const planes = ({ channels, values }: HostImage): number[] =>
    Array.from({ length: channels }, (_, c) => [...values.filter((_, i) => i % channels === c)]).flat();

  describe('images come and go unchanged', () => {
    it('from [height][width][channels], and from [channels][height][width], back to [height][width][channels]', () => {
      fc.assert(
        fc.property(images, anyLanes, (image, lanes) => {
          const layouts = [
            { take: fromNhwc, values: image.values },
            { take: fromNchw, values: planes(image) },
          ];
          for (const { take, values } of layouts) {
            const tensor = emptyTensor(engine, image, lanes);
            run(engine, take(engine, writeFloats(engine.heap, values), tensor));
            const vector = allocateVector(engine.heap, image.values.length);
            run(engine, flatten(engine, tensor, vector));
            expect(engine.heap.floats(vector.address, vector.channels)).toEqual(image.values);
          }
        }),
        { numRuns: 60 },
      );
    });

    it('and leave zeros in spare lanes', () => {
      const image = noiseImage({ height: 3, width: 3, channels: 2 }, 1);
      for (const take of [fromNhwc, fromNchw]) {
        const tensor = emptyTensor(engine, image, 16);
        run(engine, take(engine, writeFloats(engine.heap, image.values), tensor));
        const floats = engine.heap.floats(tensor.address, 32);
        expect([...floats.subarray(9, 16), ...floats.subarray(25)]).toEqual(new Array(14).fill(0));
      }
    });
  });

  test('zero padding puts zeros around an image of any shape', () => {
    fc.assert(
      fc.property(images, anyLanes, anyPadding, (image, lanes, padding) => {
        const shape = {
          height: image.height + padding.top + padding.bottom,
          width: image.width + padding.left + padding.right,
          channels: image.channels,
        };
        const output = emptyTensor(engine, shape, lanes);
        run(engine, zeroPad(engine, padding, tensorOf(engine, image, lanes), output));
        const expected = Array.from({ length: shape.height * shape.width }, (_, p) => [
          ...pixel(image, Math.floor(p / shape.width) - padding.top, (p % shape.width) - padding.left),
        ]).flat();
        expect([...readTensor(engine, output)]).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('spreading puts zeros between the pixels of an image of any shape', () => {
    fc.assert(
      fc.property(images, anyLanes, pair(1, 3), pair(0, 2), (image, lanes, [down, right], rest) => {
        const shape = {
          height: (image.height - 1) * down + 1 + rest[0],
          width: (image.width - 1) * right + 1 + rest[1],
        };
        const output = emptyTensor(engine, { ...shape, channels: image.channels }, lanes);
        run(engine, spread(engine, [down, right], tensorOf(engine, image, lanes), output));
        const expected = Array.from({ length: shape.height * shape.width }, (_, p) => {
          const [y, x] = [Math.floor(p / shape.width), p % shape.width];
          return [...(y % down || x % right ? pixel(image, -1, 0) : pixel(image, y / down, x / right))];
        }).flat();
        expect([...readTensor(engine, output)]).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  describe('element by element', () => {
    it('adds images of any shape, in place too', () => {
      fc.assert(
        fc.property(images, anyLanes, activations, (image, lanes, activation) => {
          const other = noiseImage(image, 99);
          const b = tensorOf(engine, other, lanes);
          run(engine, add(engine, activation, tensorOf(engine, image, lanes), b, b));
          const expected = image.values.map((value, i) => activated(Math.fround(value + other.values[i]!), activation));
          expect(readTensor(engine, b)).toEqual(expected);
        }),
        { numRuns: 60 },
      );
    });

    it('scales and offsets by channel, vectors too', () => {
      fc.assert(
        fc.property(images, fc.constantFrom(1, 16, 28, 32), activations, (whole, lanes, activation) => {
          const image =
            lanes === 1 ? { ...whole, height: 1, width: 1, values: whole.values.slice(0, whole.channels) } : whole;
          const [scale, offset] = [noise(image.channels, 5), noise(image.channels, 6)];
          const output = emptyTensor(engine, image, lanes);
          run(engine, normalize(engine, { scale, offset, activation }, tensorOf(engine, image, lanes), output));
          const expected = image.values.map((value, i) => {
            const c = i % image.channels;
            return activated(value * scale[c]! + offset[c]!, activation);
          });
          expectClose(readTensor(engine, output), expected);
        }),
        { numRuns: 60 },
      );
    });

    it('copies into a view of a wider tensor and leaves the rest of it alone', () => {
      const image = noiseImage({ height: 5, width: 9, channels: 3 }, 1);
      const joined = noiseImage({ height: 5, width: 9, channels: 7 }, 2);
      const output = tensorOf(engine, joined, 28);
      run(engine, activate(engine, 'linear', tensorOf(engine, image, 28), channelView(output, 2, 3)));
      const expected = joined.values.map((value, i) => {
        const c = (i % 7) - 2;
        return c >= 0 && c < 3 ? image.values[Math.floor(i / 7) * 3 + c]! : value;
      });
      expect(readTensor(engine, output)).toEqual(expected);
    });

    it('joins vectors', () => {
      const joined = vectorAt(writeFloats(engine.heap, new Float32Array(9)), 9);
      const part = vectorAt(writeFloats(engine.heap, [1, 2, 3, 4, 5]), 5);
      run(engine, activate(engine, 'linear', part, channelView(joined, 3, 5)));
      expect([...engine.heap.floats(joined.address, 9)]).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 0]);
    });

    it('keeps NaN through activations, as TensorFlow.js does', () => {
      const values = [Number.NaN, -1, 3, 9, Infinity, -Infinity, Number.NaN];
      const input = vectorAt(writeFloats(engine.heap, values), 7);
      const result = (activation: Activation): number[] => {
        const output = allocateVector(engine.heap, 7);
        run(engine, activate(engine, activation, input, output));
        return [...engine.heap.floats(output.address, 7)];
      };
      expect(result('relu')).toEqual([Number.NaN, 0, 3, 9, Infinity, 0, Number.NaN]);
      expect(result('relu6')).toEqual([Number.NaN, 0, 3, 6, 6, 0, Number.NaN]);
    });
  });

  describe('a global pool', () => {
    test.each(['average', 'max'] as const)('gives the %s of every channel of an image of any shape', mode => {
      fc.assert(
        fc.property(images, anyLanes, (image, lanes) => {
          const output = allocateVector(engine.heap, image.channels);
          run(engine, globalPool(engine, mode, tensorOf(engine, image, lanes), output));
          const expected = Array.from({ length: image.channels }, (_, c) => {
            const values = [...image.values.filter((_, i) => i % image.channels === c)];
            return mode === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / values.length;
          });
          expectClose(engine.heap.floats(output.address, output.channels), expected);
        }),
        { numRuns: 60 },
      );
    });

    it('is NaN where a channel has a NaN', () => {
      const image = { height: 2, width: 1, channels: 2, values: Float32Array.of(Number.NaN, 1, 3, 2) };
      for (const mode of ['average', 'max'] as const) {
        const output = allocateVector(engine.heap, 2);
        run(engine, globalPool(engine, mode, tensorOf(engine, image, 28), output));
        expect(engine.heap.floats(output.address, 2)[0]).toBeNaN();
        expect(engine.heap.floats(output.address, 2)[1]).toBe(mode === 'max' ? 2 : 1.5);
      }
    });
  });
});
