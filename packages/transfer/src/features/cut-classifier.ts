import type { ConvolutionNode, DenseNode, Graph, GraphNode } from '@espalier/runtime';
import { lastNames } from '../backbone/layer-names.js';
import { NoClassifierError } from '../errors.js';

/**
 * The graph up to what its classifier, the last node with weights, works on; or up to the output of a named node. A map
 * at many places is averaged over them, if that is what the network does after its classifier.
 */
export function cutClassifier(graph: Graph, featureLayer?: string): Graph {
  const refuse = (reason: string): never => {
    throw new NoClassifierError(graph.output, reason);
  };
  if (featureLayer !== undefined) {
    const index = graph.nodes.findIndex(({ name }) => name === featureLayer);
    if (index < 0) {
      const names = lastNames(graph.nodes.map(({ name }) => name));
      refuse(
        `the runtime's graph, in which layers are joined with what follows them, has no layer "${featureLayer}", but ${names}`,
      );
    }
    return pooled(graph, index + 1, featureLayer, 'average');
  }
  const index = graph.nodes.findLastIndex(node => hasWeights(node));
  const classifier = graph.nodes[index];
  if (!classifier) return refuse('it has no weights');
  const [features] = classifier.inputs;
  if (!isClassifier(classifier) || features === undefined) {
    return refuse(`its last layer with weights is a ${classifier.kind}`);
  }
  const { kernel, name } = classifier;
  if (graph.nodes.some(node => node !== classifier && 'kernel' in node && node.kernel === kernel)) {
    refuse(`its last layer with weights, "${name}", is used more than once`);
  }
  const places = placesOf(classifier.shape);
  if (places === 1) return { input: graph.input, nodes: graph.nodes.slice(0, index), output: features };
  const after = graph.nodes.slice(index + 1);
  const joining = after.find(({ kind }) => kind === 'add' || kind === 'concat');
  if (joining) refuse(`"${joining.name}" joins several layers at its end`);
  const pool = after.find(node => node.kind === 'globalPool' || (node.kind === 'pool' && placesOf(node.shape) === 1));
  if (!pool) return refuse(`"${name}" gives values at ${places} places, which nothing averages`);
  const [height, width] = classifier.kind === 'convolution' ? classifier.kernelShape : [1, 1];
  if (height !== 1 || width !== 1) {
    refuse(`"${name}" is a convolution of ${height}x${width} at many places, not of 1x1`);
  }
  return pooled(graph, index, features, 'mode' in pool && pool.mode === 'max' ? 'max' : 'average');
}

function pooled(graph: Graph, end: number, features: string, mode: 'average' | 'max'): Graph {
  const nodes = graph.nodes.slice(0, end);
  const shape = nodes.find(({ name }) => name === features)?.shape ?? graph.input.shape;
  if (placesOf(shape) === 1) return { input: graph.input, nodes, output: features };
  const pool = {
    kind: 'globalPool',
    mode,
    name: 'transfer_pool',
    inputs: [features],
    shape: [shape.at(-1) ?? 0],
  } as const;
  return { input: graph.input, nodes: [...nodes, pool], output: pool.name };
}

const placesOf = (shape: readonly number[]): number => shape.slice(0, -1).reduce((product, side) => product * side, 1);

const hasWeights = ({ kind }: GraphNode): boolean =>
  kind === 'convolution' || kind === 'dense' || kind === 'normalization';

function isClassifier(node: GraphNode): node is ConvolutionNode | DenseNode {
  return node.kind === 'dense' || (node.kind === 'convolution' && node.groups === 1);
}

/** The graph as text, with sizes in place of its numbers, and its numbers in that order. */
export function graphParts(graph: Graph): { readonly text: string; readonly numbers: readonly Float32Array[] } {
  const numbers: Float32Array[] = [];
  const text = JSON.stringify(graph, (key, value: unknown) => {
    if (key === 'kind' && value === 'normalization') return 'normalisation'; // spelled as in keys of stored features
    if (!(value instanceof Float32Array)) return value;
    numbers.push(value);
    return [value.length];
  });
  return { text, numbers };
}
