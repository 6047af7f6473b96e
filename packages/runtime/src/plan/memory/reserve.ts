import type { Engine, TileTensor } from '../../engine/engine.js';
import type { Graph, Shape } from '../../graph/graph.js';
import { sizeOf } from '../../graph/shape-of.js';
import { layOutArena } from './arena.js';
import { storageOf } from './storage.js';
import { tensorsOf } from './tensors.js';

/** Memory for the values of a graph. */
export interface Reserved {
  readonly tensorOf: (name: string) => TileTensor;
  /** Where the input is written and the result is read, as floats. */
  readonly input: number;
  readonly output: number;
  /** Bytes of it all. */
  readonly bytes: number;
}

/** Reserves memory for all values of a graph, and for images as the caller gives and takes them. */
export function reserve(graph: Graph, engine: Engine, lanes: number): Reserved {
  const storage = storageOf(graph, lanes);
  const end = graph.nodes.length + 1;
  const result = storage.shapeOf.get(graph.output) ?? [0];
  const layout = layOutArena([
    ...storage.buffers,
    { bytes: stagingBytes(graph.input.shape), first: 0, last: 0 },
    { bytes: stagingBytes(result), first: end, last: end },
  ]);
  const start = engine.heap.allocate(layout.bytes);
  const addresses = layout.offsets.map(offset => start + offset);
  const tensorOf = tensorsOf(storage, addresses, lanes);
  const [input = start, output = start] = addresses.slice(-2);
  return {
    tensorOf,
    input: isImage(graph.input.shape) ? input : tensorOf(graph.input.name).address,
    output: isImage(result) ? output : tensorOf(graph.output).address,
    bytes: layout.bytes,
  };
}

/** True for `[height, width, channels]`, false for a vector. */
export const isImage = (shape: Shape): boolean => shape.length === 3;

const stagingBytes = (shape: Shape): number => (isImage(shape) ? 4 * sizeOf(shape) : 0);

/** The tensors of a graph's values, for their shapes alone: they have no memory. */
export function shapesOnly(graph: Graph, lanes: number): (name: string) => TileTensor {
  const storage = storageOf(graph, lanes);
  return tensorsOf(
    storage,
    storage.buffers.map(() => 0),
    lanes,
  );
}
