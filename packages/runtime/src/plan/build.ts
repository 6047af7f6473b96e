import type { Command, Engine } from '../engine/engine.js';
import { vectorAt } from '../engine/tensor.js';
import type { Graph } from '../graph/graph.js';
import { flatten, fromNchw, fromNhwc } from '../kernels/index.js';
import { describeChoice, type KernelChoices } from './choose-kernels.js';
import { lower } from './lower.js';
import { isImage, reserve } from './memory/reserve.js';
import type { LoweredFacts } from './summary.js';

/** Commands from the first up to the second. */
export type Range = readonly [begin: number, end: number];

/** A graph as commands over memory. */
export interface Build {
  readonly commands: readonly Command[];
  /** Commands that take in an image of either layout; nothing for vectors. */
  readonly entry: { readonly nhwc: Range; readonly nchw: Range };
  /** All the others. */
  readonly body: Range;
  /** Those of each node. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** Where the input is written and where the result is, as floats; images of the result in `nhwc` order. */
  readonly input: number;
  readonly output: number;
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
  const { tensorOf, input, output, bytes } = reserve(graph, engine, lanes);
  const commands: Command[] = [];
  if (isImage(graph.input.shape)) {
    const image = tensorOf(graph.input.name);
    commands.push(fromNchw(engine, input, image), fromNhwc(engine, input, image));
  }
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
  const result = tensorOf(graph.output);
  if (result.lanes !== 1) {
    commands.push(flatten(engine, result, vectorAt(output, result.height * result.width * result.channels)));
  }
  return {
    commands,
    entry: begin === 0 ? { nhwc: [0, 0], nchw: [0, 0] } : { nhwc: [1, 2], nchw: [0, 1] },
    body: [begin, commands.length],
    ranges,
    input,
    output,
    activationBytes: bytes,
    facts,
  };
}
