import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { GraphNode, Shape } from '../../src/graph/graph.js';
import { simplify } from '../../src/graph/simplify.js';
import { fromLayersModel } from '../../src/tfjs/from-layers-model.js';
import { noise } from '../plan/compare.js';

/** A layer of a network as it is run, and the shape of its first input. */
export interface Layer {
  readonly title: string;
  readonly node: GraphNode;
  readonly input: Shape;
}

/**
 * One layer of every kind, shape, stride, padding and number of inputs of a network that has not been seen yet. The
 * model is disposed of.
 */
export async function distinctLayers(model: LayersModel, seen: Set<string>): Promise<readonly Layer[]> {
  const graph = simplify(await fromLayersModel(model));
  model.dispose();
  const shapes = new Map<string, Shape>([[graph.input.name, graph.input.shape]]);
  const layers: Layer[] = [];
  for (const node of graph.nodes) {
    const input = shapes.get(node.inputs[0]!)!;
    const title = `${node.kind} [${input}] to [${node.shape}]${details(node)}`;
    if (!seen.has(title)) layers.push({ title, node, input });
    seen.add(title);
    shapes.set(node.name, node.shape);
  }
  return layers;
}

/** Keeps the tenth of every kernel that is largest in magnitude, as far as its values are normally distributed. */
export async function pruneModel(model: LayersModel): Promise<void> {
  const values = model.getWeights();
  const pruned = await Promise.all(
    model.weights.map(async ({ originalName }, at) => {
      const value = values[at]!;
      if (!originalName.endsWith('kernel')) return value.clone();
      const kernel = (await value.data()) as Float32Array;
      const energy = kernel.reduce((sum, entry) => sum + entry * entry, 0);
      // 90 % of a normal distribution lie within 1.645 deviations
      const least = 1.645 * Math.sqrt(energy / kernel.length);
      return tf.tensor(
        kernel.map(entry => (Math.abs(entry) > least ? 1.5 * entry : 0)),
        value.shape,
      );
    }),
  );
  model.setWeights(pruned);
  tf.dispose(pruned);
}

function details(node: GraphNode): string {
  if (node.kind === 'pool') return `, ${node.mode} ${node.size}, stride ${node.strides}`;
  if (node.kind !== 'convolution') return '';
  const { kernelShape, strides, padding, groups, inputs } = node;
  const sides = [padding.top, padding.bottom, padding.left, padding.right];
  const residual = inputs.length === 2 ? ', residual' : '';
  return `, kernel ${kernelShape}, stride ${strides}, padding ${sides}, groups ${groups}${residual}`;
}

/**
 * The layer with random weights of which a fraction is active, a random bias, and values that spread as in a trained
 * network.
 */
export function pruned(node: GraphNode, density: number): GraphNode {
  if (node.kind !== 'convolution' && node.kind !== 'dense') return node;
  const { kernel } = node;
  const outputs = node.shape.at(-1)!;
  const scale = Math.sqrt((3 * outputs) / (kernel.length * density));
  const kept = noise(kernel.length, 2);
  const values = noise(kernel.length, 1).map((value, at) => (kept[at]! + 1 < 2 * density ? scale * value : 0));
  return { ...node, kernel: values, bias: noise(outputs, 3) };
}
