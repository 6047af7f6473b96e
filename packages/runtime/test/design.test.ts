import { expect, it } from 'vitest';
import { loadEngine } from '../src/engine/load.js';
import { runCommand } from '../src/engine/run-command.js';
import { allocateTensor, vectorAt } from '../src/engine/tensor.js';
import { packConvolution } from '../src/kernels/convolution/convolution.js';
import { flatten, fromNhwc } from '../src/kernels/index.js';

/** Side of the image, and lanes of a tile. */
const SIDE = 6;
const LANES = 16;
const PIXELS = SIDE * SIDE;

/** Kernel of [3, 3, 2, 3] with the given weights by row, column, input and output. */
function kernelOf(...weights: readonly (readonly [number, number, number, number, number])[]): Float32Array {
  const kernel = new Float32Array(3 * 3 * 2 * 3);
  for (const [row, column, input, output, weight] of weights) {
    kernel[((row * 3 + column) * 2 + input) * 3 + output] = weight;
  }
  return kernel;
}

it('has the numbers in memory that DESIGN.md follows, and its result', async () => {
  const engine = await loadEngine({ instructions: 'simd' });
  const { heap } = engine;
  const input = allocateTensor(heap, { height: SIDE, width: SIDE, channels: 2 }, LANES);
  const output = allocateTensor(heap, { height: SIDE, width: SIDE, channels: 3 }, LANES);
  expect([input.address, input.tileStride, output.address, output.tileStride]).toEqual([1024, 128, 1408, 192]);
  const kernel = kernelOf(
    ...([
      [1, 1, 0, 0, 2],
      [0, 2, 1, 0, -1],
      [2, 1, 1, 0, 0.5],
      [0, 0, 1, 1, 3],
      [1, 2, 0, 1, -2],
      [1, 0, 0, 2, 4],
    ] as const),
  );
  const padding = { top: 1, bottom: 1, left: 1, right: 1 };
  const { command, chunks } = packConvolution(
    engine,
    {
      kernel,
      kernelShape: [3, 3, 2, 3],
      bias: Float32Array.of(0.25, 0, -1),
      groups: 1,
      activation: 'relu',
      strides: [1, 1],
      dilations: [1, 1],
      padding,
    },
    input,
    output,
  );
  expect(command).toEqual({ kernel: 'convolution', record: 2752, items: 1, scratch: 1504 });
  const record = [...heap.integers(command.record, 20)];
  expect(record).toEqual([16, 1, 1, 2560, 2688, 1024, 128, 720, 64, 1408, 192, 0, 0, 1, 0, 0, 0, 0, 0, 36]);

  const [runs = 0, count, ...group] = heap.integers(2560, 5);
  expect([count, ...group]).toEqual([25, 0, 1, 3]); // runs; first tile, step, tiles
  const middle = Array.from({ length: 25 }, (_, i) => [...heap.integers(runs + 16 * i, 4)]).slice(10, 15);
  expect(middle).toEqual([
    [0, 240, 6, 0],
    [0, 264, 16, 1],
    [128, 328, 16, 1],
    [256, 392, 4, 1],
    [0, 408, 18, 0],
  ]);

  const [chunk] = chunks;
  expect(chunk).toMatchObject({ entries: 2048, lastEntry: 2084, nonzeros: 1984, count: 6, quads: false });
  const pairs = (address: number): [number, number] => [
    heap.integers(address, 1)[0] ?? 0,
    heap.floats(address + 4, 1)[0] ?? 0,
  ];
  expect([0, 1, 2, 3, 4, 5].map(i => pairs(1984 + 8 * i))).toEqual([
    ...[[24, 4]],
    ...[
      [504, -2],
      [720, 3],
    ],
    ...[
      [264, 2],
      [1200, -1],
      [1008, 0.5],
    ],
  ]);
  expect([0, 1, 2].map(i => [...heap.integers(2048 + 12 * i, 2), heap.floats(2056 + 12 * i, 1)[0]])).toEqual([
    [128, 1992, -1],
    [64, 2008, 0],
    [0, 2032, 0.25],
  ]);

  const [source, result, scratch] = [heap.allocate(8 * PIXELS), heap.allocate(12 * PIXELS), heap.allocate(1504)];
  heap.floats(source, 2 * PIXELS).set(Array.from({ length: PIXELS }, (_, p) => [p, 100 + p]).flat());
  for (const each of [fromNhwc(engine, source, input), command, flatten(engine, output, vectorAt(result, 3 * PIXELS))])
    runCommand(engine, each, scratch);
  expect([...heap.floats(result + 12 * 14, 3)]).toEqual([0, 291, 51]);
  expect([...heap.floats(result, 3)]).toEqual([53.25, 0, 0]); // 0.25 + 0.5 · 106; −2 · 1; −1
});
