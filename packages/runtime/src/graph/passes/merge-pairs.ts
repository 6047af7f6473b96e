import { outputsOf, withNodes } from '../ends.js';
import type { Graph, GraphNode } from '../graph.js';

/** How often each value is read; being the result counts as being read. */
function usesOf(graph: Graph): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const reads = [outputsOf(graph), ...graph.nodes.map(({ inputs }) => inputs)];
  for (const name of reads.flat()) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

/** The same nodes without those that the result does not need. */
export function withoutDead(graph: Graph): Graph {
  const needed = new Set(outputsOf(graph));
  const nodes: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!needed.has(node.name)) continue;
    nodes.push(node);
    for (const input of node.inputs) needed.add(input);
  }
  return { ...graph, nodes: nodes.reverse() };
}

/**
 * Replaces a node and the producer of one of its inputs by one node, wherever `merge` gives one and nothing else reads
 * the producer's value. The new node takes the place of the later one, under any of both names. Of several producers
 * the one that is last in the graph is tried first.
 */
export function mergePairs(
  graph: Graph,
  merge: (node: GraphNode, producer: GraphNode) => GraphNode | undefined,
): Graph {
  const uses = usesOf(graph);
  const nodes = new Map<string, GraphNode>();
  const places = new Map<string, number>();
  const renamed = new Map<string, string>();
  const current = (name: string): string => renamed.get(name) ?? name;
  for (const [place, original] of graph.nodes.entries()) {
    let node: GraphNode = { ...original, inputs: original.inputs.map(current) };
    const once = original.inputs.filter(input => uses.get(input) === 1).map(current);
    once.sort((a, b) => (places.get(b) ?? -1) - (places.get(a) ?? -1));
    for (const input of once) {
      const producer = nodes.get(input);
      const merged = producer && merge(node, producer);
      if (merged === undefined) continue;
      nodes.delete(input);
      if (merged.name !== original.name) renamed.set(original.name, merged.name);
      node = merged;
      break;
    }
    nodes.set(node.name, node);
    places.set(node.name, place);
  }
  return withNodes(graph, [...nodes.values()], current);
}
