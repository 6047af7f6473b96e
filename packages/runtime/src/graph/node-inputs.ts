import type { GraphNode } from './graph.js';

/** Name of the first input; every node of a valid graph has one. */
export function firstInput(node: Pick<GraphNode, 'inputs'>): string {
  const [first] = node.inputs as readonly [string, ...string[]];
  return first;
}

/** The inputs with another first one. */
export function withFirstInput(node: Pick<GraphNode, 'inputs'>, name: string): readonly string[] {
  return [name, ...node.inputs.slice(1)];
}
