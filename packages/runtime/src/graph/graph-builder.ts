import { GraphShapes } from './check-graph.js';
import type { Graph, GraphInput, GraphNode, Shape } from './graph.js';
import type { NodeSpec } from './node-spec.js';

/** Puts a graph together node by node, computing and checking shapes on the way. */
export class GraphBuilder {
  readonly #shapes: GraphShapes;
  readonly #nodes: GraphNode[] = [];

  constructor(
    readonly input: GraphInput,
    readonly otherInputs: readonly GraphInput[] = [],
  ) {
    this.#shapes = new GraphShapes([input, ...otherInputs]);
  }

  /** Adds a node and returns its name. */
  add(spec: NodeSpec): string {
    this.#nodes.push({ ...spec, shape: this.#shapes.add(spec) } as GraphNode);
    return spec.name;
  }

  /** Shape of an earlier value, for the node that reads it. */
  shape(name: string, user: string = name): Shape {
    return this.#shapes.require(name, user);
  }

  /** `wanted`, or with a number behind it if there is such a value already. */
  freeName(wanted: string): string {
    let name = wanted;
    for (let count = 1; this.#shapes.has(name); count++) name = `${wanted}:${count}`;
    return name;
  }

  /** The graph whose results are the named values. */
  build(output: string, otherOutputs: readonly string[] = []): Graph {
    for (const name of [output, ...otherOutputs]) this.#shapes.require(name, name);
    const { input, otherInputs } = this;
    return {
      input,
      ...(otherInputs.length === 0 ? {} : { otherInputs }),
      nodes: this.#nodes,
      output,
      ...(otherOutputs.length === 0 ? {} : { otherOutputs }),
    };
  }
}
