import { type ImageShape, tensorBytes } from '../../engine/tensor.js';
import { inputsOf, outputsOf } from '../../graph/ends.js';
import type { Graph, GraphNode, Shape } from '../../graph/graph.js';
import { takesTwo } from '../../graph/node-limits.js';
import { channelsOf, sameShape } from '../../graph/shape-of.js';
import type { Lifetime } from './arena.js';

/** A range of the channels of a value that joins several. */
export interface Place {
  readonly concat: string;
  readonly first: number;
}

/** Which memory every value of a graph lies in. */
export interface Storage {
  /** Buffers and the steps at which they hold something: 0 is the input, node `i` is step `i + 1`. */
  readonly buffers: readonly Lifetime[];
  /** Index of the buffer of each value that is not part of a joined one. */
  readonly bufferOf: ReadonlyMap<string, number>;
  /** Where values lie that are written directly into a joined one. */
  readonly placeOf: ReadonlyMap<string, Place>;
  readonly shapeOf: ReadonlyMap<string, Shape>;
}

/**
 * Gives values their memory. What is joined is written into the joined value; what is computed entry by entry
 * overwrites an input that nobody needs any more, and so does a convolution its residual; everything else has a buffer
 * of its own.
 */
export function storageOf(graph: Graph, lanes: number): Storage {
  const lastUse = lastUses(graph);
  const shapeOf = shapesOf(graph);
  const placeOf = joinedPlaces(graph, shapeOf);
  const bufferOf = new Map<string, number>();
  const buffers: { bytes: number; first: number; last: number }[] = [];
  const enter = (name: string, step: number, reused: string | undefined): void => {
    const root = rootOf(name, placeOf);
    const known = bufferOf.get(reused ?? root);
    const last = lastUse.get(name) ?? step;
    if (known !== undefined) {
      bufferOf.set(root, known);
      const buffer = buffers[known];
      if (buffer !== undefined) buffer.last = Math.max(buffer.last, last);
      return;
    }
    const shape = shapeOf.get(root) ?? [0];
    const bytes = tensorBytes(imageOf(shape), lanesOf(shape, lanes));
    bufferOf.set(root, buffers.push({ bytes, first: step, last }) - 1);
  };
  for (const { name } of inputsOf(graph)) enter(name, 0, undefined);
  graph.nodes.forEach((node, index) => {
    const reusable = overwritable(node).find(
      value =>
        lastUse.get(value) === index + 1 &&
        !placeOf.has(value) &&
        !isConcat(graph, value) &&
        sameShape(shapeOf.get(value) ?? [], node.shape),
    );
    enter(node.name, index + 1, placeOf.has(node.name) ? undefined : reusable);
  });
  return { buffers, bufferOf, placeOf, shapeOf };
}

/** Vectors have one lane. */
export const lanesOf = (shape: Shape, lanes: number): number => (shape.length === 3 ? lanes : 1);

/** Vectors are images of one pixel. */
export function imageOf(shape: Shape): ImageShape {
  const [height, width, channels] = shape.length === 3 ? shape : [1, 1, shape[0]];
  return { height, width, channels };
}

const shapesOf = (graph: Graph): Map<string, Shape> =>
  new Map([...inputsOf(graph), ...graph.nodes].map(({ name, shape }) => [name, shape]));

const isConcat = ({ nodes }: Graph, name: string): boolean =>
  nodes.some(node => node.kind === 'concat' && node.name === name);

/** The outermost joined value that holds this one, or the value itself. */
function rootOf(name: string, placeOf: ReadonlyMap<string, Place>): string {
  let root = name;
  for (let place = placeOf.get(root); place !== undefined; place = placeOf.get(root)) root = place.concat;
  return root;
}

const inPlace: readonly GraphNode['kind'][] = ['activation', 'normalization', 'prelu', 'softmax'];

/** Inputs whose memory this node may overwrite with its value. */
function overwritable(node: GraphNode): readonly string[] {
  if (inPlace.includes(node.kind) || takesTwo(node.kind)) return node.inputs;
  if (node.kind === 'convolution') return node.inputs.slice(1).filter(input => input !== node.inputs[0]);
  return [];
}

/** The last step that needs each value. */
function lastUses(graph: Graph): Map<string, number> {
  const { nodes } = graph;
  const last = new Map<string, number>();
  nodes.forEach(({ inputs }, index) => {
    for (const input of inputs) last.set(input, index + 1);
  });
  for (const output of outputsOf(graph)) last.set(output, nodes.length + 1);
  return last;
}

/** For every value that a later `concat` can have written in place: in which one, and where. */
function joinedPlaces({ nodes }: Graph, shapeOf: ReadonlyMap<string, Shape>): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const node of nodes) {
    if (node.kind !== 'concat') continue;
    let first = 0;
    for (const input of node.inputs) {
      if (!places.has(input)) places.set(input, { concat: node.name, first });
      first += channelsOf(shapeOf.get(input) ?? [0]);
    }
  }
  return places;
}
