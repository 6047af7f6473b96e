import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TileTensor } from '../../engine/engine.js';
import type { Graph, GraphNode } from '../../graph/graph.js';
import { channelsOf } from '../../graph/shape-of.js';
import { layOutArena } from './arena.js';
import { storageOf } from './storage.js';
import { tensorsOf } from './tensors.js';

type Step = readonly [kind: GraphNode['kind'], first: number, second: number, channels: number];

const steps = fc.array(
  fc.tuple(
    fc.constantFrom<GraphNode['kind'][]>('convolution', 'add', 'activation', 'normalization', 'concat', 'pool'),
    fc.nat(100),
    fc.nat(100),
    fc.integer({ min: 1, max: 3 }),
  ),
  { minLength: 1, maxLength: 25 },
);

const none = { top: 0, bottom: 0, left: 0, right: 0 };

/** A graph over images of 5x7, in which any earlier value can be the input of a node. */
function graphOf(made: readonly Step[]): Graph {
  const values: { name: string; shape: readonly [number, number, number] }[] = [{ name: 'x', shape: [5, 7, 2] }];
  const nodes = made.map(([kind, first, second, channels], index): GraphNode => {
    const one = values[first % values.length]!;
    const alike = values.filter(({ shape }) => shape[2] === one.shape[2]);
    const other = alike[second % alike.length]!;
    const name = `n${index}`;
    const result = (node: GraphNode): GraphNode => {
      values.push({ name, shape: node.shape as [number, number, number] });
      return node;
    };
    const same = { name, inputs: [one.name], shape: one.shape };
    switch (kind) {
      case 'convolution': {
        const residuals = values.filter(({ shape }) => shape[2] === channels);
        const residual = residuals[second % (residuals.length + 1)];
        const inputs = residual === undefined ? [one.name] : [one.name, residual.name];
        const kernelShape = [1, 1, one.shape[2], channels] as const;
        const kernel = new Float32Array(one.shape[2] * channels);
        const window = { strides: [1, 1], dilations: [1, 1], padding: none, groups: 1, activation: 'linear' } as const;
        return result({ kind, name, inputs, shape: [5, 7, channels], kernel, kernelShape, ...window });
      }
      case 'add':
        return result({ ...same, kind, inputs: [one.name, other.name], activation: 'linear' });
      case 'activation':
        return result({ ...same, kind, activation: 'relu' });
      case 'normalization':
        return result({ ...same, kind, scale: new Float32Array(3), offset: new Float32Array(3) });
      case 'concat': {
        const another = values[second % values.length]!;
        const joined = one.shape[2] + another.shape[2];
        return result({ kind, name, inputs: [one.name, another.name], shape: [5, 7, joined] });
      }
      default:
        return result({ ...same, kind: 'pool', mode: 'max', size: [1, 1], strides: [1, 1], padding: none });
    }
  });
  return { input: { name: 'x', shape: [5, 7, 2] }, nodes, output: values[values.length - 1]!.name };
}

/** Addresses of the rows of a tensor: tile by tile, channel by channel. */
function rowsOf(tensor: TileTensor): number[] {
  const tiles = Math.ceil((tensor.height * tensor.width) / tensor.lanes);
  return Array.from({ length: tiles * tensor.channels }, (_, row) => {
    const [tile, channel] = [Math.floor(row / tensor.channels), row % tensor.channels];
    return tensor.address + tile * tensor.tileStride + channel * tensor.lanes * 4;
  });
}

/** Runs a graph on memory that holds, instead of floats, who wrote them. */
function simulate(graph: Graph): void {
  const storage = storageOf(graph, 16);
  const tensorOf = tensorsOf(storage, layOutArena(storage.buffers).offsets, 16);
  const memory = new Map<number, string>();
  const written = new Map<string, string[]>();
  const write = (name: string, tags: string[]): void => {
    written.set(name, tags);
    for (const [at, row] of rowsOf(tensorOf(name)).entries()) memory.set(row, tags[at]!);
  };
  const check = (name: string): void => {
    expect(rowsOf(tensorOf(name)).map(row => memory.get(row))).toEqual(written.get(name));
  };
  const fresh = (name: string): string[] => rowsOf(tensorOf(name)).map((_, at) => `${name}#${at}`);
  write(graph.input.name, fresh(graph.input.name));
  for (const node of graph.nodes) {
    node.inputs.forEach(check);
    if (node.kind === 'convolution' || node.kind === 'pool') {
      const input = new Set(rowsOf(tensorOf(node.inputs[0]!)));
      expect(rowsOf(tensorOf(node.name)).some(row => input.has(row))).toBe(false);
    }
    write(node.name, node.kind === 'concat' ? joined(node.inputs.map(name => written.get(name)!)) : fresh(node.name));
  }
  check(graph.output);
}

/** Tags of a joined value: in every one of the 3 tiles those of all its parts. */
function joined(parts: readonly string[][]): string[] {
  return [0, 1, 2].flatMap(tile =>
    parts.flatMap(part => part.slice((tile * part.length) / 3, ((tile + 1) * part.length) / 3)),
  );
}

describe('storage', () => {
  it('keeps every value until its last use, whatever overwrites or joins what', () => {
    fc.assert(fc.property(steps.map(graphOf), simulate), { numRuns: 500 });
  });

  it('writes what is joined into the joined value, once', () => {
    const graph = graphOf([
      ['convolution', 0, 99, 1],
      ['concat', 0, 1, 0],
    ]);
    const storage = storageOf(graph, 16);
    expect(storage.buffers).toHaveLength(1);
    expect(storage.placeOf.get('n0')).toEqual({ concat: 'n1', first: channelsOf(graph.input.shape) });
  });

  it('lets a sum overwrite what nobody needs any more', () => {
    // x → pool n0 → add(x, n0) overwrites x.
    const graph = graphOf([
      ['pool', 0, 0, 0],
      ['add', 0, 1, 0],
    ]);
    const { bufferOf, buffers } = storageOf(graph, 16);
    expect(bufferOf.get('n1')).toBe(bufferOf.get('x'));
    expect(buffers).toHaveLength(2);
  });
});
