import { InvalidGraphError } from '../errors.js';
import { checkNode, checkSize } from './check-node.js';
import { inputsOf, outputsOf } from './ends.js';
import type { Graph, GraphInput, Shape } from './graph.js';
import type { NodeSpec } from './node-spec.js';
import { requireGraph } from './require-graph.js';
import { sameShape } from './shape-of.js';

/** Most nodes of a graph. */
export const maximumNodes = 65_536;

/**
 * Proves that a graph can be run: names unique, inputs known and earlier, shapes as computed from the inputs, weights
 * of the right sizes, sizes within limits (2^28 entries in a value, 65,536 nodes).
 *
 * @param graph - Anything of this type, for example made by hand.
 * @throws {@link InvalidOptionError} if it is no graph at all, and {@link InvalidGraphError} naming the first node that
 *   is wrong, what is wrong, and what would be right.
 *
 * @example
 * ```ts
 * import { checkGraph } from '@espalier/runtime';
 *
 * checkGraph({
 *   input: { name: 'image', shape: [8, 8, 3] },
 *   nodes: [{ kind: 'globalPool', mode: 'max', name: 'pool', inputs: ['image'], shape: [3] }],
 *   output: 'pool',
 * });
 * ```
 */
export function checkGraph(graph: Graph): void {
  requireGraph(graph);
  const shapes = new GraphShapes(inputsOf(graph));
  for (const node of graph.nodes) {
    const shape = shapes.add(node);
    if (sameShape(shape, node.shape)) continue;
    throw new InvalidGraphError(
      node.name,
      `Its shape is [${node.shape}], but its inputs and weights make it [${shape}].`,
    );
  }
  for (const output of outputsOf(graph)) shapes.require(output, output);
}

/** The shapes of the values of a graph, as it is put together. */
export class GraphShapes {
  readonly #shapes = new Map<string, Shape>();

  constructor(inputs: readonly GraphInput[]) {
    for (const { name, shape } of inputs) {
      checkSize(name, shape);
      if (this.#shapes.has(name)) throw new InvalidGraphError(name, 'There are two inputs of this name.');
      this.#shapes.set(name, shape);
    }
  }

  /** Checks a node and returns its shape. */
  add(spec: NodeSpec): Shape {
    if (this.#shapes.has(spec.name)) throw new InvalidGraphError(spec.name, 'There are two values of this name.');
    if (this.#shapes.size > maximumNodes) {
      throw new InvalidGraphError(spec.name, `The graph has more than ${maximumNodes} nodes.`);
    }
    const inputs = spec.inputs.map(input => this.require(input, spec.name));
    const shape = checkNode(spec, inputs);
    this.#shapes.set(spec.name, shape);
    return shape;
  }

  /** Shape of a value that must exist by now. */
  require(name: string, user: string): Shape {
    const shape = this.#shapes.get(name);
    if (shape !== undefined) return shape;
    throw new InvalidGraphError(user, `There is no earlier node "${name}". Nodes come after their inputs.`);
  }

  /** True if a value of this name exists. */
  has(name: string): boolean {
    return this.#shapes.has(name);
  }
}
