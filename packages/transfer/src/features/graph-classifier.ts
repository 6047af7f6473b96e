import type { ConvolutionNode, DenseNode, Graph, GraphNode } from '@espalier/runtime';
import { headless } from '../backbone/find-classifier.js';

/** The classifier of a graph, and the pooling over all places that follows it. */
export interface GraphClassifier {
  readonly classifier: ConvolutionNode | DenseNode;
  readonly pool: GraphNode | undefined;
}

/** Nodes without weights that may follow a classifier: they keep the classes apart. */
const following: ReadonlySet<string> = new Set([
  'activation',
  'softmax',
  'flatten',
  'reshape',
  'permute',
  'globalPool',
  'pool',
] as const satisfies GraphNode['kind'][]);

const weighted: ReadonlySet<string> = new Set([
  'transposedConvolution',
  'normalization',
  'prelu',
] as const satisfies GraphNode['kind'][]);

/** Goes back from the output to the classifier, as `findClassifier` does it in a model. */
export function graphClassifier(graph: Graph, refuse: (reason: string) => never): GraphClassifier | typeof headless {
  const nodes = new Map(graph.nodes.map(node => [node.name, node]));
  let pool: GraphNode | undefined;
  let probable: GraphNode | undefined;
  const withoutHead = (): typeof headless =>
    probable ? refuse(`"${probable.name}" gives probabilities, of no layer that classifies whole images`) : headless;
  for (let name = graph.output; ; ) {
    const node = nodes.get(name);
    if (!node) return refuse('it has no weights');
    const { kind, shape, inputs } = node;
    if (givesProbabilities(node)) probable = node;
    if (kind === 'dense' || kind === 'convolution') {
      const found = isSeparable(node) ? headless : ofNode(graph, node, pool, refuse);
      return found === headless ? withoutHead() : found;
    }
    if (weighted.has(kind)) return withoutHead();
    const [before] = inputs;
    if (before === undefined || inputs.length > 1) {
      return isMadeOfMaps(node, nodes) ? withoutHead() : refuse(`"${name}" joins several layers at its end`);
    }
    if (!following.has(kind)) {
      return isMadeOfMaps(node, nodes) ? withoutHead() : refuse(`"${name}" comes after its last layer with weights`);
    }
    if (kind === 'globalPool' || (kind === 'pool' && placesOf(shape) === 1)) pool = node;
    name = before;
  }
}

function ofNode(
  graph: Graph,
  node: ConvolutionNode | DenseNode,
  pool: GraphNode | undefined,
  refuse: (reason: string) => never,
): GraphClassifier | typeof headless {
  const { name, kernel, shape, inputs } = node;
  if (node.kind === 'convolution' && node.groups > 1) return headless;
  if (graph.nodes.some(other => other !== node && 'kernel' in other && other.kernel === kernel)) {
    return refuse(`its last layer with weights, "${name}", is used more than once`);
  }
  if (placesOf(shape) === 1) return { classifier: node, pool: undefined };
  if (inputs.length > 1) return headless;
  const [height, width] = node.kind === 'convolution' ? node.kernelShape : [1, 1];
  return pool && height === 1 && width === 1 ? { classifier: node, pool } : headless;
}

/** The second of the two convolutions that a separable one is made of. */
const isSeparable = ({ name, inputs }: GraphNode): boolean => inputs[0] === `${name}/depthwise`;

const givesProbabilities = (node: GraphNode): boolean =>
  node.kind === 'softmax' || ('activation' in node && node.activation === 'sigmoid');

/** Whether a value is a map, or made of maps without a dense layer in between. */
function isMadeOfMaps(node: GraphNode | undefined, nodes: ReadonlyMap<string, GraphNode>): boolean {
  if (!node) return false;
  const [first, ...others] = node.inputs.map(input => nodes.get(input));
  const spread = others.length === 0 && first?.shape.length === 1;
  if (node.shape.length > 1 && !spread) return true;
  if (node.kind === 'dense' || weighted.has(node.kind) || givesProbabilities(node)) return false;
  return node.inputs.every(input => isMadeOfMaps(nodes.get(input), nodes));
}

/** Number of places of a map, 1 for a vector. */
export const placesOf = (shape: readonly number[]): number =>
  shape.slice(0, -1).reduce((product, side) => product * side, 1);
