import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { anyLanes, anyPadding, anyWidth, pair } from '../../test/kernels/arbitraries.js';
import { expectClose } from '../../test/kernels/close.js';
import { loadEngines, run } from '../../test/kernels/engines.js';
import { emptyTensor, type HostImage, noiseImage, readTensor, tensorOf } from '../../test/kernels/host-image.js';
import { outputSize } from '../../test/kernels/reference-convolution.js';
import type { Engine } from '../engine/engine.js';
import { type PoolSpec, pool } from './pool.js';

describe.each([0, 1])('with instruction set %i', index => {
  let engine: Engine;
  beforeAll(async () => {
    engine = (await loadEngines())[index]!;
  });

  const sizeOf = (image: HostImage, spec: PoolSpec): ReturnType<typeof outputSize> =>
    outputSize(image, { ...spec, kernelShape: [...spec.size, 1, image.channels], dilations: [1, 1] });

  function referencePool(
    image: HostImage,
    { mode, size, strides, padding }: PoolSpec,
    height: number,
    width: number,
  ): Float32Array {
    const { channels, values } = image;
    return Float32Array.from({ length: height * width * channels }, (_, i) => {
      const [y, x, c] = [Math.floor(i / channels / width), Math.floor(i / channels) % width, i % channels];
      const seen: number[] = [];
      for (let r = y * strides[0] - padding.top; r < y * strides[0] - padding.top + size[0]; r++) {
        for (let s = x * strides[1] - padding.left; s < x * strides[1] - padding.left + size[1]; s++) {
          if (r >= 0 && s >= 0 && r < image.height && s < image.width)
            seen.push(values[(r * image.width + s) * channels + c]!);
        }
      }
      return mode === 'max' ? Math.max(...seen) : seen.reduce((sum, value) => sum + value, 0) / seen.length;
    });
  }

  const cases = fc
    .record({
      lanes: anyLanes,
      height: fc.integer({ min: 1, max: 12 }),
      width: anyWidth,
      channels: fc.constantFrom(1, 5, 33),
      mode: fc.constantFrom('max' as const, 'average' as const),
      size: pair(1, 4),
      strides: pair(1, 3),
      padding: anyPadding,
    })
    .map(({ lanes, height, width, channels, ...spec }) => ({
      lanes,
      spec,
      image: noiseImage({ height, width, channels }, 1),
    }))
    .filter(({ image, spec }) => sizeOf(image, spec).height > 0 && sizeOf(image, spec).width > 0);

  describe('a pool', () => {
    it('is what a slow loop gives, for any shape; padding counts for nothing', () => {
      fc.assert(
        fc.property(cases, ({ lanes, image, spec }) => {
          const shape = sizeOf(image, spec);
          const output = emptyTensor(engine, shape, lanes);
          run(engine, pool(engine, spec, tensorOf(engine, image, lanes), output));
          expectClose(readTensor(engine, output), referencePool(image, spec, shape.height, shape.width));
        }),
        { numRuns: 150 },
      );
    });

    const spec: PoolSpec = {
      mode: 'max',
      size: [1, 2],
      strides: [1, 2],
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
    };
    test.each([
      { mode: 'max' as const, expected: [1, -Infinity, 4] },
      { mode: 'average' as const, expected: [Number.NaN, Number.NaN, 3.5] },
    ])('a $mode treats NaN as TensorFlow.js on cpu does', ({ mode, expected }) => {
      const values = Float32Array.of(Number.NaN, 1, Number.NaN, Number.NaN, 3, 4);
      const output = emptyTensor(engine, { height: 1, width: 3, channels: 1 }, 28);
      const image = { height: 1, width: 6, channels: 1, values };
      run(engine, pool(engine, { ...spec, mode }, tensorOf(engine, image, 28), output));
      expect([...readTensor(engine, output)]).toEqual(expected);
    });
  });
});
