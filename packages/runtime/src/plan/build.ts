import type { Command, Engine } from '../engine/engine.js';
import { vectorAt } from '../engine/tensor.js';
import type { Graph } from '../graph/graph.js';
import { sizeOf } from '../graph/shape-of.js';
import { flatten, fromNchw, fromNhwc } from '../kernels/index.js';
import { describeChoice, type KernelChoices } from './choose-kernels.js';
import { lower } from './lower.js';
import { isImage, reserve, type Staged } from './memory/reserve.js';
import type { LoweredFacts } from './summary.js';

/** Commands from the first up to the second. */
export type Range = readonly [begin: number, end: number];

/** A graph as commands over memory. */
export interface Build {
  readonly commands: readonly Command[];
  /** Commands that take in images of either layout; nothing for vectors. */
  readonly entry: { readonly nhwc: Range; readonly nchw: Range };
  /** All the others. */
  readonly body: Range;
  /** Those of each node. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** Where inputs are written and where results are; images of the results in `nhwc` order. */
  readonly inputs: readonly Staged[];
  readonly outputs: readonly Staged[];
  readonly activationBytes: number;
  readonly facts: ReadonlyMap<string, LoweredFacts>;
}

/** How a graph is built. */
export interface BuildSettings {
  readonly lanes: number;
  readonly choices: KernelChoices;
}

/** Turns a graph into commands; packs its weights and reserves memory for its values. */
export function build(graph: Graph, engine: Engine, { lanes, choices }: BuildSettings): Build {
  const { heap } = engine;
  const { tensorOf, inputs, outputs, bytes } = reserve(graph, engine, lanes);
  const images = inputs.filter(({ shape }) => isImage(shape));
  const commands: Command[] = [
    ...images.map(({ name, address }) => fromNchw(engine, address, tensorOf(name))),
    ...images.map(({ name, address }) => fromNhwc(engine, address, tensorOf(name))),
  ];
  const begin = commands.length;
  const ranges = new Map<string, Range>();
  const facts = new Map<string, LoweredFacts>();
  for (const node of graph.nodes) {
    const [first, before] = [commands.length, heap.allocate(0)];
    commands.push(...lower(node, { engine, tensorOf, choices }));
    ranges.set(node.name, [first, commands.length]);
    const choice = choices.get(node.name);
    facts.set(node.name, { variant: choice ? describeChoice(choice) : '', bytes: heap.allocate(0) - before });
  }
  for (const { name, shape, address } of outputs) {
    if (isImage(shape)) commands.push(flatten(engine, tensorOf(name), vectorAt(address, sizeOf(shape))));
  }
  return {
    commands,
    entry: { nhwc: [images.length, begin], nchw: [0, images.length] },
    body: [begin, commands.length],
    ranges,
    inputs,
    outputs,
    activationBytes: bytes,
    facts,
  };
}
