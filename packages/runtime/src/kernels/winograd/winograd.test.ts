import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { anyLanes, anyPadding, pair } from '../../../test/kernels/arbitraries.js';
import { expectClose } from '../../../test/kernels/close.js';
import { loadEngines, run } from '../../../test/kernels/engines.js';
import {
  emptyTensor,
  type HostImage,
  noise,
  noiseImage,
  readTensor,
  sparseNoise,
  tensorOf,
  writeTensor,
} from '../../../test/kernels/host-image.js';
import { outputSize, referenceConvolution } from '../../../test/kernels/reference-convolution.js';
import { small, stem, suits } from '../../../test/kernels/winograd-cases.js';
import type { Command, Engine } from '../../engine/engine.js';
import { LANES } from '../../engine/lanes.js';
import { channelView } from '../../engine/tensor.js';
import { convolution } from '../convolution/convolution.js';
import type { ConvolutionSpec } from '../convolution/spec.js';
import { winograd } from './winograd.js';

let engines: readonly Engine[];
beforeAll(async () => {
  engines = await loadEngines();
});

/** What the commands make of an image. */
function computed(
  engine: Engine,
  spec: ConvolutionSpec,
  image: HostImage,
  lanes: number,
  change: (commands: readonly Command[]) => readonly Command[] = all => all,
): Float32Array {
  const output = emptyTensor(engine, outputSize(image, spec), lanes);
  for (const command of change(winograd(engine, spec, tensorOf(engine, image, lanes), output))) run(engine, command);
  return readTensor(engine, output);
}

/** The same on the kernels that multiply weights as they are. */
function direct(engine: Engine, spec: ConvolutionSpec, image: HostImage, lanes: number): Float32Array {
  const output = emptyTensor(engine, outputSize(image, spec), lanes);
  run(engine, convolution(engine, spec, tensorOf(engine, image, lanes), output));
  return readTensor(engine, output);
}

const cases = fc
  .record({
    lanes: anyLanes,
    height: fc.integer({ min: 1, max: 12 }),
    fours: fc.integer({ min: 1, max: 4 }),
    window: fc.constantFrom<readonly [number, number]>([7, 7], [3, 3], [1, 3], [5, 4], [4, 4], [2, 7]),
    strides: pair(1, 3),
    rowDilation: fc.integer({ min: 1, max: 2 }),
    padding: anyPadding,
    depth: fc.integer({ min: 1, max: 4 }),
    outputs: fc.constantFrom(32, 36),
    density: fc.constantFrom(0.6, 1),
    activation: fc.constantFrom('linear' as const, 'relu' as const, 'relu6' as const),
    bias: fc.boolean(),
  })
  .map(({ lanes, height, fours, window, depth, outputs, density, bias, rowDilation, padding, ...rest }) => {
    const spec: ConvolutionSpec = {
      ...rest,
      padding,
      kernel: sparseNoise(window[0] * window[1] * depth * outputs, density, depth),
      kernelShape: [...window, depth, outputs],
      ...(bias && { bias: noise(outputs, 7) }),
      dilations: [rowDilation, 1],
      groups: 1,
    };
    // So wide that output rows are whole vectors of fours.
    const width = (16 * fours - 1) * spec.strides[1] + window[1] - padding.left - padding.right;
    return { lanes, spec, size: { height, width, channels: depth } };
  })
  .filter(({ spec, size }) => size.width > 0 && outputSize(size, spec).height > 0);

describe('a Winograd convolution', () => {
  test.each([0, 1])('is what a slow loop gives, for any shape that suits (engine %i)', index => {
    let suited = 0;
    fc.assert(
      fc.property(cases, ({ lanes, spec, size }) => {
        const engine = engines[index]!;
        const image = noiseImage(size, 1);
        if (!suits(engine, spec, image, lanes)) return;
        suited++;
        expectClose(computed(engine, spec, image, lanes), referenceConvolution(image, spec));
      }),
      { numRuns: 200 },
    );
    expect(suited).toBeGreaterThan(40);
  });

  it('is as exact as single precision: within 2e-6 of the largest value of the stem', () => {
    const image = noiseImage({ height: 32, width: 64, channels: 3 }, 2);
    const expected = referenceConvolution(image, { ...stem, activation: 'linear' });
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const actual = computed(engines[0]!, { ...stem, activation: 'linear' }, image, 28);
    expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!))) / largest).toBeLessThan(2e-6);
  });

  it('does not run the other kernel, which would give the same, while the image is finite', () => {
    const image = noiseImage({ height: 8, width: 32, channels: 3 }, 2);
    const only = (kernel: string) => (all: readonly Command[]) =>
      all.filter(each => ['within', kernel].includes(each.kernel));
    const whole = computed(engines[0]!, stem, image, 28);
    expect(computed(engines[0]!, stem, image, 28, only('winograd'))).toEqual(whole);
    expect(computed(engines[0]!, stem, image, 28, only('convolution')).every(Number.isNaN)).toBe(true);
    expect(direct(engines[0]!, stem, image, 28)).not.toEqual(whole);
  });

  it('is the same to the last bit for every tile width', () => {
    for (const engine of engines) {
      for (const spec of [stem, small]) {
        const image = noiseImage({ height: 9, width: 32, channels: 3 }, 5);
        const [first, ...others] = LANES.map(lanes => computed(engine, spec, image, lanes));
        for (const other of others) expect(other).toEqual(first);
      }
    }
  });

  it.each([Number.NaN, Infinity, -Infinity, 2 ** 61, -3e38])(
    'of an image with one %d is the convolution with weights as they are, to the last bit',
    value => {
      for (const lanes of LANES) {
        // 9 · 32 pixels do not fill their tiles, and places near the end are in the tile with spare lanes.
        const image = noiseImage({ height: 9, width: 32, channels: 3 }, 5);
        for (const place of [0, 400, image.values.length - 1]) {
          const spoiled = { ...image, values: image.values.slice() };
          spoiled.values[place] = value;
          // A zero that meets it takes no part.
          for (const kernel of [stem.kernel, sparseNoise(stem.kernel.length, 0.6, 8)]) {
            const spec = { ...stem, kernel };
            expect(computed(engines[0]!, spec, spoiled, lanes)).toEqual(direct(engines[0]!, spec, spoiled, lanes));
          }
        }
      }
    },
  );

  it('does not look at lanes that hold no pixel', () => {
    // Spare lanes hold NaN: were they looked at, the other kernel would run.
    const image = noiseImage({ height: 5, width: 32, channels: 3 }, 5);
    for (const lanes of LANES)
      expect(computed(engines[0]!, small, image, lanes)).not.toEqual(direct(engines[0]!, small, image, lanes));
  });

  it('forgets what an earlier image was like', () => {
    const engine = engines[0]!;
    const clean = noiseImage({ height: 8, width: 32, channels: 3 }, 1);
    const input = tensorOf(engine, clean, 28);
    const output = emptyTensor(engine, outputSize(clean, stem), 28);
    const commands = winograd(engine, stem, input, output);
    const results = [clean.values, clean.values.map(() => Number.NaN), clean.values].map(values => {
      writeTensor(engine, input, { ...clean, values });
      for (const command of commands) run(engine, command);
      return readTensor(engine, output);
    });
    expect(results[1]!.every(Number.isNaN)).toBe(true);
    expect(results[2]).toEqual(results[0]);
  });

  it('reads and writes channels of wider tensors and leaves their other channels alone', () => {
    const engine = engines[0]!;
    const wide = noiseImage({ height: 6, width: 32, channels: 7 }, 1);
    const joined = noiseImage({ height: 6, width: 32, channels: 40 }, 2);
    const output = tensorOf(engine, joined, 28);
    const view = channelView(output, 3, 32);
    for (const command of winograd(engine, small, channelView(tensorOf(engine, wide, 28), 2, 3), view))
      run(engine, command);
    const part = { ...wide, channels: 3, values: wide.values.filter((_, i) => i % 7 >= 2 && i % 7 < 5) };
    expectClose(readTensor(engine, view), referenceConvolution(part, small));
    const others = (values: Float32Array): Float32Array => values.filter((_, i) => i % 40 < 3 || i % 40 >= 35);
    expect(others(readTensor(engine, output))).toEqual(others(joined.values));
  });
});
