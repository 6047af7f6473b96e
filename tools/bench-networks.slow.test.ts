import '@tensorflow/tfjs-backend-cpu';
import { type ModelName, modelByName } from '@espalier/models';
import { type Graph, type GraphNode, simplify } from '@espalier/runtime';
import { fromLayersModel } from '@espalier/runtime/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';

/** The benchmark builds its graphs without TensorFlow.js, for a page without it and for engines that fuse nothing. */
const benchmark: { randomNetwork(network: string, sparsity: number): Graph } = await import(
  new URL('../bench/inference/networks/weights.mjs', import.meta.url).href
);

beforeAll(() => tf.setBackend('cpu'));

/** What a node computes, less its numbers and its name; inputs by where they come from. */
function computed(graph: Graph): unknown[] {
  const places = new Map([graph.input.name, ...graph.nodes.map(({ name }) => name)].map((name, i) => [name, i]));
  return graph.nodes.map((node: GraphNode) => {
    const { name: _, kernel: __, bias: ___, ...rest } = node as GraphNode & { kernel?: unknown; bias?: unknown };
    return { ...rest, inputs: node.inputs.map(name => places.get(name)) };
  });
}

it.each<[string, ModelName]>([
  ['resnet50', 'resnet50'],
  ['mobilenet', 'mobileNetV1'],
  ['efficientnet-lite0', 'efficientnetLite0'],
])('the benchmark computes what %s of @espalier/models computes', async (network, name) => {
  const before = tf.memory().numTensors;
  const model = modelByName(name);
  const ours = simplify(await fromLayersModel(model));
  model.dispose();
  expect(computed(simplify(benchmark.randomNetwork(network, 0)))).toEqual(computed(ours));
  expect(tf.memory().numTensors).toBe(before);
});
