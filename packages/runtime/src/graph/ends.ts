import type { Graph, GraphInput } from './graph.js';

/** All values that the caller gives. */
export const inputsOf = ({ input, otherInputs = [] }: Graph): readonly GraphInput[] => [input, ...otherInputs];

/** Names of all results. */
export const outputsOf = ({ output, otherOutputs = [] }: Graph): readonly string[] => [output, ...otherOutputs];

/** The same graph with other nodes, and with results under other names. */
export function withNodes(graph: Graph, nodes: Graph['nodes'], current: (name: string) => string): Graph {
  const { otherOutputs } = graph;
  return {
    ...graph,
    nodes,
    output: current(graph.output),
    ...(otherOutputs === undefined ? {} : { otherOutputs: otherOutputs.map(current) }),
  };
}
