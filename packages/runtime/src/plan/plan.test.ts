import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, noise } from '../../test/plan/compare.js';
import { toyGraph } from '../../test/plan/toy-graph.js';
import type { Graph } from '../graph/graph.js';
import { compile } from './compile.js';
import type { Plan } from './plan.js';

const size = 12 * 12 * 3;
const input = noise(size, 7);

/** The same image or images, channels first. */
function channelsFirst(pixels: Float32Array, channels: number, images = 1): Float32Array {
  const area = pixels.length / channels / images;
  return pixels.map((_, at) => {
    const [image, channel, pixel] = [Math.floor(at / area / channels), Math.floor(at / area) % channels, at % area];
    return pixels[(image * area + pixel) * channels + channel]!;
  });
}

/** A graph whose result is an image. */
const imageGraph: Graph = { ...toyGraph(), nodes: toyGraph().nodes.slice(0, 1), output: 'conv' };

async function using<Result>(plan: Promise<Plan>, act: (plan: Plan) => Promise<Result>): Promise<Result> {
  const opened = await plan;
  try {
    return await act(opened);
  } finally {
    await opened.dispose();
  }
}

describe.each([1, 2])('a plan of %d threads', threads => {
  let expected: Float32Array;

  beforeAll(async () => {
    expected = await using(compile(toyGraph(), { threads: 1 }), plan => plan.run(input));
  });

  it('computes a batch image by image', () =>
    using(compile(toyGraph(), { threads }), async plan => {
      const other = noise(size, 9);
      const both = await plan.run(Float32Array.of(...input, ...other), { batch: 2 });
      expect(both.subarray(0, 4)).toEqual(expected);
      expect(both.subarray(4)).toEqual(await plan.run(other));
      expect(both.subarray(4)).not.toEqual(expected);
    }));

  it('gives the same for channels first, by option of the plan or of the run', async () => {
    const image = channelsFirst(input, 3);
    await using(compile(toyGraph(), { threads }), async plan => {
      expect(await plan.run(image, { layout: 'nchw' })).toEqual(expected);
    });
    await using(compile(toyGraph(), { threads, layout: 'nchw' }), async plan => {
      expect(await plan.run(image)).toEqual(expected);
      expect(await plan.run(input, { layout: 'nhwc' })).toEqual(expected);
    });
  });

  it('gives images in the layout in which it takes them', () =>
    using(compile(imageGraph, { threads }), async plan => {
      const two = Float32Array.of(...input, ...noise(size, 9));
      const last = await plan.run(two, { batch: 2 });
      const first = await plan.run(channelsFirst(two, 3, 2), { batch: 2, layout: 'nchw' });
      expect(first).toEqual(channelsFirst(last, 8, 2));
      expect(first).not.toEqual(last);
    }));

  it('carries out runs that were asked for at once in their order', () =>
    using(compile(toyGraph(), { threads }), async plan => {
      const inputs = [1, 2, 3, 4].map(seed => noise(size, seed));
      const finished: number[] = [];
      const results = await Promise.all(
        inputs.map(async (one, index) => {
          const result = await plan.run(one);
          finished.push(index);
          return result;
        }),
      );
      expect(finished).toEqual([0, 1, 2, 3]);
      for (const [index, one] of inputs.entries()) expect(results[index]).toEqual(await plan.run(one));
    }));

  it('lets the run that is under way finish when it is disposed of, and refuses all others', async () => {
    const plan = await compile(toyGraph(), { threads });
    const running = plan.run(input);
    const waiting = plan.run(input);
    const [first, second] = [plan.dispose(), plan.dispose()];
    expect(await running).toEqual(expected);
    await expect(waiting).rejects.toMatchObject({ code: 'PLAN_DISPOSED' });
    await expect(plan.run(input)).rejects.toMatchObject({ code: 'PLAN_DISPOSED' });
    await expect(plan.profile(input)).rejects.toMatchObject({ code: 'PLAN_DISPOSED' });
    await Promise.all([first, second, plan.dispose()]);
  });

  it('times every layer once, and both ends', () =>
    using(compile(imageGraph, { threads }), async plan => {
      const times = await plan.profile(input);
      expect(times.map(({ name }) => name)).toEqual(['(input)', 'conv', '(output)']);
      expect(times.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
      const expectedImage = await plan.run(input);
      await plan.profile(noise(size, 9), { layout: 'nchw' });
      expect(await plan.run(input)).toEqual(expectedImage);
    }));
});

describe('a plan', () => {
  it('takes NaN and infinities and hands on what comes of them', () =>
    using(compile(toyGraph(), { threads: 1 }), async plan => {
      const broken = input.map((value, at) => (at === 5 ? Number.NaN : value));
      expect((await plan.run(broken)).every(Number.isNaN)).toBe(true);
      expect((await plan.run(input.map(() => Number.POSITIVE_INFINITY))).some(Number.isFinite)).toBe(false);
      expect((await plan.run(input)).every(Number.isFinite)).toBe(true);
    }));

  it.each([
    ['too short', input.subarray(1), {}, 'INVALID_INPUT'],
    ['too long', noise(size + 1, 1), {}, 'INVALID_INPUT'],
    ['not enough for the batch', input, { batch: 2 }, 'INVALID_INPUT'],
    ['no image at all', input, { batch: 0 }, 'INVALID_INPUT'],
    ['half an image', input.subarray(size / 2), { batch: 0.5 }, 'INVALID_INPUT'],
    ['an array', [...input] as unknown as Float32Array, {}, 'INVALID_INPUT'],
    ['of doubles', new Float64Array(size) as unknown as Float32Array, {}, 'INVALID_INPUT'],
    ['in an unknown layout', input, { layout: 'chwn' as 'nchw' }, 'INVALID_OPTION'],
  ])('refuses an input that is %s, and goes on', (_, wrong, options, code) =>
    using(compile(toyGraph(), { threads: 1 }), async plan => {
      await expect(plan.run(wrong, options)).rejects.toMatchObject({ code });
      expect((await plan.run(input)).length).toBe(4);
    }),
  );

  it('tells its shapes and what its layers cost', () =>
    using(compile(toyGraph(), { threads: 1, lanes: 16, instructions: 'simd' }), async plan => {
      expect(plan.inputShape).toEqual([12, 12, 3]);
      expect(plan.outputShape).toEqual([4]);
      const { layers, ...whole } = plan.summary;
      // conv: 3·3·3·8 = 216 entries at 144 pixels, 2 operations each: 62,208; head: 32 entries, 64.
      expect(layers.map(({ name, kind, entries, denseFlops }) => [name, kind, entries, denseFlops])).toEqual([
        ['conv', 'convolution', 216, 62_208],
        ['pool', 'globalPool', 0, 0],
        ['head', 'dense', 32, 64],
      ]);
      expect(whole).toMatchObject({ denseFlops: 62_272, sparseFlops: 62_272, flopDensity: 1, threads: 1, lanes: 16 });
      expect(layers[0]?.bytes).toBeGreaterThanOrEqual(216 * 8);
      expect(layers[0]?.variant).toMatch(/^chunk \d+, tiles \d+, splits \d+$/);
      // The image, its tiles (144 pixels of 3 channels) and the convolution's (of 8) in floats, all alive together or
      // less.
      expect(whole.activationBytes).toBeLessThanOrEqual(4 * 144 * (3 + 3 + 8) + 4 * 64);
    }));

  it('without any layer gives its input back', async () => {
    const vector: Graph = { input: { name: 'x', shape: [3] }, nodes: [], output: 'x' };
    await using(compile(vector, { threads: 2 }), async plan => {
      expect(await plan.run(Float32Array.of(1, 2, 3))).toEqual(Float32Array.of(1, 2, 3));
    });
    const image: Graph = { input: { name: 'x', shape: [12, 12, 3] }, nodes: [], output: 'x' };
    await using(compile(image, { threads: 2 }), async plan => expectClose(await plan.run(input), input));
  });
});
