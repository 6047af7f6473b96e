import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { tileCount } from '../engine/tensor.js';
import type { Padding } from '../graph/graph.js';
import { appendRuns, pixelOffset } from './window/runs.js';
import { writeGroups } from './window/write-groups.js';
import { writeWords } from './write-record.js';

/** Takes an image of `[height][width][channels]` floats at an address. */
export function fromNhwc(engine: Engine, source: number, output: TileTensor): Command {
  return border(engine, 'fromNhwc', source, output);
}

/** Takes an image of `[channels][height][width]` floats at an address. */
export function fromNchw(engine: Engine, source: number, output: TileTensor): Command {
  return border(engine, 'fromNchw', source, output);
}

/** The image as a vector in the order `[height][width][channels]`: also how images leave a plan. */
export function flatten(engine: Engine, input: TileTensor, output: TileTensor): Command {
  return border(engine, 'toNhwc', output.address, input);
}

/** The vector as an image, whose entries it holds in the order `[height][width][channels]`. */
export function unflatten(engine: Engine, input: TileTensor, output: TileTensor): Command {
  return border(engine, 'fromNhwc', input.address, output);
}

function border(
  { heap }: Engine,
  kernel: 'fromNhwc' | 'fromNchw' | 'toNhwc',
  outside: number,
  tensor: TileTensor,
): Command {
  const { address, tileStride, channels, lanes, height, width } = tensor;
  const record = writeWords(heap, [outside, address, tileStride, channels, lanes, height * width]);
  return { kernel, record, items: tileCount(tensor), scratch: 0 };
}

/** The image with zeros around it. Input and output must not overlap. */
export function zeroPad(engine: Engine, padding: Padding, input: TileTensor, output: TileTensor): Command {
  return rearrange(engine, input, output, (y, x) => pixelOffset(input, y - padding.top, x - padding.left), 1);
}

/** The image's pixels `strides` apart, zeros between them: what the gradient of a strided convolution starts from. */
export function spread(
  engine: Engine,
  strides: readonly [number, number],
  input: TileTensor,
  output: TileTensor,
): Command {
  const from = (y: number, x: number): number =>
    y % strides[0] === 0 && x % strides[1] === 0 ? pixelOffset(input, y / strides[0], x / strides[1]) : -1;
  return rearrange(engine, input, output, from, 1);
}

/** Fills every pixel from the place that `from` names, or with zero where that is negative. */
export function rearrange(
  { heap }: Engine,
  input: TileTensor,
  output: TileTensor,
  from: (y: number, x: number) => number,
  step: number,
): Command {
  const tiles = tileCount(output);
  const groups = Array.from({ length: tiles }, (_, tile) => {
    const sources = Array.from({ length: output.lanes }, (_, lane) => {
      const pixel = tile * output.lanes + lane;
      const y = Math.floor(pixel / output.width);
      return from(y, pixel - y * output.width);
    });
    const runs: number[] = [];
    appendRuns(runs, sources, 0, step);
    return { first: tile, step: 1, count: 1, runs };
  });
  const record = writeWords(heap, [
    writeGroups(heap, groups),
    input.address,
    output.address,
    output.tileStride,
    output.channels,
    output.lanes,
  ]);
  return { kernel: 'rearrange', record, items: tiles, scratch: 0 };
}
