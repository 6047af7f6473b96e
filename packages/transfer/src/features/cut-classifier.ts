import type { Graph } from '@espalier/runtime';
import { type FeaturePlace, headless } from '../backbone/find-classifier.js';
import { lastNames } from '../backbone/layer-names.js';
import { NoClassifierError } from '../errors.js';
import { graphClassifier, placesOf } from './graph-classifier.js';

/**
 * The graph up to what its classifier works on, found as `findClassifier` does it in a model; up to the output of a
 * named node; or all of it, if it has no classifier. A map at many places is averaged over them.
 */
export function cutClassifier(graph: Graph, { featureLayer, head }: FeaturePlace = {}): Graph {
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
  const outputs = [graph.output, ...(graph.otherOutputs ?? [])];
  if (outputs.length > 1) return refuse(`it has ${outputs.length} outputs, ${lastNames(outputs)}`);
  const found = head === 'none' ? headless : graphClassifier(graph, refuse);
  if (found === headless) return pooled(graph, graph.nodes.length, graph.output, 'average');
  const { classifier, pool } = found;
  const index = graph.nodes.indexOf(classifier);
  const [features = graph.input.name] = classifier.inputs;
  if (placesOf(classifier.shape) === 1) {
    return { input: graph.input, nodes: graph.nodes.slice(0, index), output: features };
  }
  return pooled(graph, index, features, pool && 'mode' in pool && pool.mode === 'max' ? 'max' : 'average');
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
