import type { Engine, TileTensor } from '../../engine/engine.js';
import { inputsOf, outputsOf } from '../../graph/ends.js';
import type { Graph, Shape } from '../../graph/graph.js';
import { sizeOf } from '../../graph/shape-of.js';
import { layOutArena } from './arena.js';
import { storageOf } from './storage.js';
import { tensorsOf } from './tensors.js';

/** Where a value of the caller's lies, as floats. */
export interface Staged {
  readonly name: string;
  readonly shape: Shape;
  readonly address: number;
}

/** Memory for the values of a graph. */
export interface Reserved {
  readonly tensorOf: (name: string) => TileTensor;
  /** Where inputs are written and results are read. */
  readonly inputs: readonly Staged[];
  readonly outputs: readonly Staged[];
  /** Bytes of it all. */
  readonly bytes: number;
}

/** Reserves memory for all values of a graph, and for images as the caller gives and takes them. */
export function reserve(graph: Graph, engine: Engine, lanes: number): Reserved {
  const storage = storageOf(graph, lanes);
  const end = graph.nodes.length + 1;
  const shaped = (name: string): { name: string; shape: Shape } => ({ name, shape: storage.shapeOf.get(name) ?? [0] });
  const [inputs, outputs] = [inputsOf(graph), outputsOf(graph).map(shaped)];
  const layout = layOutArena([
    ...storage.buffers,
    ...inputs.map(({ shape }) => ({ bytes: stagingBytes(shape), first: 0, last: 0 })),
    ...outputs.map(({ shape }) => ({ bytes: stagingBytes(shape), first: end, last: end })),
  ]);
  const start = engine.heap.allocate(layout.bytes);
  const addresses = layout.offsets.map(offset => start + offset);
  const tensorOf = tensorsOf(storage, addresses, lanes);
  const staged = ({ name, shape }: { name: string; shape: Shape }, index: number): Staged => {
    const address = isImage(shape) ? addresses[storage.buffers.length + index] : tensorOf(name).address;
    return { name, shape, address: address ?? start };
  };
  return {
    tensorOf,
    inputs: inputs.map(staged),
    outputs: outputs.map((output, index) => staged(output, inputs.length + index)),
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
