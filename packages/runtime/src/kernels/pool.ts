import type { Command, Engine, Heap, NativeEngine, TileTensor } from '../engine/engine.js';
import { tileCount } from '../engine/tensor.js';
import type { PoolNode } from '../graph/graph.js';
import { CHANNEL_BLOCK, vectorFloats } from './native.js';
import { windowLayout } from './window/layout.js';
import { PLACE_WORDS, placesUnder, writeLists } from './window/places.js';
import type { WindowLayout } from './window/tile-groups.js';
import type { Window } from './window/window.js';
import { writeGroups } from './window/write-groups.js';
import { writeFloats, writeWords } from './write-record.js';

/** A pool, without its place in a graph. */
export type PoolSpec = Pick<PoolNode, 'mode' | 'size' | 'strides' | 'padding'>;

/** Channels of a work item, so that what is packed for it stays in a near cache. */
const CHUNK = 32;

/** Tiles that share their packed input. */
const TILES = 4;

/**
 * Maximum or average under a window; places in the padding do not count. As in TensorFlow.js on cpu, a maximum passes
 * over NaN and an average does not. Input and output must not overlap.
 */
export function pool(engine: Engine, spec: PoolSpec, input: TileTensor, output: TileTensor): Command {
  const window: Window = { ...spec, dilations: [1, 1] };
  if (engine.native !== undefined) return nativePool(engine, engine.native, window, spec, input, output);
  const { heap } = engine;
  const layout = windowLayout(window, input, output, TILES);
  const chunk = Math.min(CHUNK, input.channels);
  const chunks = Math.ceil(input.channels / chunk);
  const taps = writeWords(heap, tapOffsets(layout, spec.size));
  const record = writeWords(heap, [
    output.lanes,
    chunks,
    chunk,
    input.channels,
    writeGroups(heap, layout.groups),
    input.address,
    input.tileStride,
    layout.channelBytes,
    layout.step,
    output.address,
    output.tileStride,
    taps,
    taps + spec.size[0] * spec.size[1] * 4,
    spec.mode === 'average' ? writeFactors(heap, spec, input, output) : 0,
  ]);
  return { kernel: 'pool', record, items: layout.groups.length * chunks, scratch: layout.channelBytes * chunk + 64 };
}

function nativePool(
  { heap }: Engine,
  native: NativeEngine,
  window: Window,
  spec: PoolSpec,
  input: TileTensor,
  output: TileTensor,
): Command {
  const blocks = Math.ceil(output.channels / CHANNEL_BLOCK);
  const record = writeWords(heap, [
    output.lanes,
    blocks,
    output.channels,
    output.height * output.width,
    writeLists(heap, placesUnder(window, input, output, vectorFloats(native)), PLACE_WORDS),
    spec.strides[1],
    input.address,
    output.address,
    output.tileStride,
    spec.mode === 'average' ? writeFactors(heap, spec, input, output) : 0,
  ]);
  return { kernel: 'windowPool', record, items: tileCount(output) * blocks, scratch: 0 };
}

function tapOffsets(layout: WindowLayout, [height, width]: readonly [number, number]): number[] {
  return Array.from({ length: height * width }, (_, tap) => layout.tap(Math.floor(tap / width), tap % width));
}

/** One over the number of places that count, for every pixel. */
function writeFactors(heap: Heap, spec: PoolSpec, input: TileTensor, output: TileTensor): number {
  const { size, strides, padding } = spec;
  const rows = counts(output.height, strides[0], size[0], padding.top, input.height);
  const columns = counts(output.width, strides[1], size[1], padding.left, input.width);
  const factors = new Float32Array(tileCount(output) * output.lanes);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      factors[y * output.width + x] = 1 / (row * column);
    });
  });
  return writeFloats(heap, factors);
}

function counts(outputs: number, stride: number, size: number, pad: number, inputs: number): readonly number[] {
  return Array.from({ length: outputs }, (_, o) => {
    const first = o * stride - pad;
    return Math.max(0, Math.min(first + size, inputs) - Math.max(first, 0));
  });
}
