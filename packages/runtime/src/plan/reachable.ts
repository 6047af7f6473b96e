import type { Graph } from '../graph/graph.js';

/** The graph without nodes that the output does not depend on. */
export function reachable(graph: Graph): Graph {
  const needed = new Set([graph.output]);
  for (const node of [...graph.nodes].reverse()) {
    if (needed.has(node.name)) for (const input of node.inputs) needed.add(input);
  }
  return { ...graph, nodes: graph.nodes.filter(({ name }) => needed.has(name)) };
}
