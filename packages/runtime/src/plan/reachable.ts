import { outputsOf } from '../graph/ends.js';
import type { Graph } from '../graph/graph.js';

/** The graph without nodes that no output depends on. */
export function reachable(graph: Graph): Graph {
  const needed = new Set(outputsOf(graph));
  for (const node of [...graph.nodes].reverse()) {
    if (needed.has(node.name)) for (const input of node.inputs) needed.add(input);
  }
  return { ...graph, nodes: graph.nodes.filter(({ name }) => needed.has(name)) };
}
