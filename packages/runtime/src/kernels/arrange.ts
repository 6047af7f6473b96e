import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { tileCount } from '../engine/tensor.js';
import type { DepthToSpaceNode, Padding, PermuteNode, UpsamplingNode } from '../graph/graph.js';
import { rearrange } from './layout.js';
import { pixelOffset } from './window/runs.js';
import { writeWords } from './write-record.js';

// Inputs and outputs of all of these must not overlap.

/** The image without its border. */
export function crop(engine: Engine, { top, left }: Padding, input: TileTensor, output: TileTensor): Command {
  return rearrange(engine, input, output, (y, x) => pixelOffset(input, y + top, x + left), 1);
}

/** The image with blocks of channels as blocks of pixels. */
export function depthToSpace(
  engine: Engine,
  { block, padding }: Pick<DepthToSpaceNode, 'block' | 'padding'>,
  input: TileTensor,
  output: TileTensor,
): Command {
  const [rows, columns] = block;
  const partBytes = output.channels * input.lanes * 4;
  const from = (row: number, column: number): number => {
    const [y, x] = [row + padding.top, column + padding.left];
    const pixel = pixelOffset(input, Math.floor(y / rows), Math.floor(x / columns));
    return pixel < 0 ? pixel : pixel + ((y % rows) * columns + (x % columns)) * partBytes;
  };
  return rearrange(engine, input, output, from, 1);
}

/** The image enlarged. */
export function upsample(
  engine: Engine,
  { factors, mode, centers }: Pick<UpsamplingNode, 'factors' | 'mode' | 'centers'>,
  input: TileTensor,
  output: TileTensor,
): Command {
  const [rows, columns] = factors;
  if (mode === 'nearest') {
    const from = (y: number, x: number): number => pixelOffset(input, Math.floor(y / rows), Math.floor(x / columns));
    return rearrange(engine, input, output, from, 1);
  }
  const { heap } = engine;
  const { width, height, lanes, channels } = output;
  const pixels = width * height;
  const table = heap.allocate(pixels * 32);
  const [offsets, weights] = [heap.integers(table, pixels * 8), heap.floats(table, pixels * 8)];
  for (let y = 0, at = 0; y < height; y++) {
    const [top, bottom, down] = between(y, rows, centers, input.height);
    for (let x = 0; x < width; x++, at += 8) {
      const [left, right, across] = between(x, columns, centers, input.width);
      const corners = [
        [top, left, (1 - down) * (1 - across)],
        [top, right, (1 - down) * across],
        [bottom, left, down * (1 - across)],
        [bottom, right, down * across],
      ] as const;
      for (const [corner, [row, column, weight]] of corners.entries()) {
        offsets[at + corner] = pixelOffset(input, row, column);
        weights[at + 4 + corner] = weight;
      }
    }
  }
  const record = writeWords(heap, [table, input.address, output.address, output.tileStride, channels, lanes, pixels]);
  return { kernel: 'interpolate', record, items: tileCount(output), scratch: 0 };
}

/** The two places that a place of the enlarged axis lies between, and how far it is from the first. */
function between(
  place: number,
  factor: number,
  centers: UpsamplingNode['centers'],
  size: number,
): readonly [number, number, number] {
  const exact = centers === 'half' ? (place + 0.5) / factor - 0.5 : place / factor;
  const at = Math.min(Math.max(exact, 0), size - 1);
  const first = Math.floor(at);
  return [first, Math.min(first + 1, size - 1), at - first];
}

/** The image with its axes in another order. */
export function permute({ heap }: Engine, order: PermuteNode['order'], input: TileTensor, output: TileTensor): Command {
  const record = writeWords(heap, [
    input.address,
    input.tileStride,
    input.width,
    output.address,
    output.tileStride,
    output.width,
    output.channels,
    output.lanes,
    output.height * output.width,
    ...[0, 1, 2].map(axis => order.indexOf(axis)),
  ]);
  return { kernel: 'permute', record, items: tileCount(output), scratch: 0 };
}
