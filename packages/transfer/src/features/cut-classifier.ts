import type { ConvolutionNode, DenseNode, Graph, GraphNode } from '@espalier/runtime';
import { NoClassifierError } from '../errors.js';

/** The graph up to what its classifier, the last node with weights, works on. */
export function cutClassifier(graph: Graph): Graph {
  const index = graph.nodes.findLastIndex(node => hasWeights(node));
  const classifier = graph.nodes[index];
  if (!classifier) throw new NoClassifierError(graph.output, 'it has no weights');
  const [features] = classifier.inputs;
  if (!isClassifier(classifier) || features === undefined) {
    throw new NoClassifierError(graph.output, `its last layer with weights is a ${classifier.kind}`);
  }
  const { kernel, name } = classifier;
  if (graph.nodes.some(node => node !== classifier && 'kernel' in node && node.kernel === kernel)) {
    throw new NoClassifierError(graph.output, `its last layer with weights, "${name}", is used more than once`);
  }
  return { input: graph.input, nodes: graph.nodes.slice(0, index), output: features };
}

const hasWeights = ({ kind }: GraphNode): boolean =>
  kind === 'convolution' || kind === 'dense' || kind === 'normalisation';

function isClassifier(node: GraphNode): node is ConvolutionNode | DenseNode {
  return node.kind === 'dense' || (node.kind === 'convolution' && node.groups === 1);
}

/** The graph as text, with sizes in place of its numbers, and its numbers in that order. */
export function graphParts(graph: Graph): { readonly text: string; readonly numbers: readonly Float32Array[] } {
  const numbers: Float32Array[] = [];
  const text = JSON.stringify(graph, (_, value: unknown) => {
    if (!(value instanceof Float32Array)) return value;
    numbers.push(value);
    return [value.length];
  });
  return { text, numbers };
}
