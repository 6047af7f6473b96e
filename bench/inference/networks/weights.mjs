import { erdosRenyiKernel, uniform } from '@espalier/core';
import { networks } from './networks.mjs';
import { keepRandom, symmetric, uniformNumbers } from './random.mjs';

/** How the sparsity is spread over the layers. */
export const distributions = ['uniform', 'erk'];

/**
 * A network with random weights of which each prunable layer keeps an exact number, at places chosen uniformly.
 *
 * `uniform`: every prunable layer at the sparsity, the others dense. `erk`: core's Erdős–Rényi-Kernel over all
 * convolutions (the stem too, depthwise ones not), the classifier at the sparsity itself; or over the prunable layers
 * alone, where the network says so. Weights are scaled by what is
 * kept, so that activations neither die out nor blow up; both are the same in every process.
 */
export function randomNetwork(network, sparsity, distribution = 'uniform') {
  const graph = networks[network].build();
  const kept = keptCounts(network, graph, sparsity, distribution);
  const inputs = new Map([[graph.input.name, graph.input.shape], ...graph.nodes.map(node => [node.name, node.shape])]);
  const residual = new Set(graph.nodes.filter(({ kind }) => kind === 'add').map(branchOf));
  const nodes = graph.nodes.map((node, index) => {
    if (node.kind !== 'convolution' && node.kind !== 'dense') return node;
    const shape = kernelShape(node, inputs);
    const size = sizeOf(shape);
    const kernel = node.name.endsWith('_shortcut') ? paddedIdentity(shape) : new Float32Array(size);
    const bias = new Float32Array(shape.at(-1));
    if (!node.name.endsWith('_shortcut')) {
      const random = uniformNumbers(7919 * (index + 1));
      const count = kept.get(node.name) ?? size;
      const fanIn = (size / shape.at(-1)) * (count / size);
      const limit = Math.sqrt(6 / fanIn) * (residual.has(node.name) ? 0.3 : 1);
      kernel.set(symmetric(size, limit, random));
      bias.set(symmetric(bias.length, 0.1, random));
      if (count < size) keepRandom(kernel, count, random);
    }
    return { ...node, kernel, bias };
  });
  return { ...graph, nodes };
}

/** The same images for every engine, `[batch, height, width, channels]`, between −1 and 1. */
export function randomImages(graph, batch) {
  return symmetric(batch * sizeOf(graph.input.shape), 1, uniformNumbers(3));
}

/**
 * Multiply-accumulates of convolutions and dense layers for one image: of all entries, and of those that are not zero.
 */
export function multiplyAccumulates(graph) {
  let [dense, sparse, entries, nonzeros] = [0, 0, 0, 0];
  for (const { kernel, shape } of graph.nodes.filter(node => node.kernel)) {
    const positions = shape.length === 3 ? shape[0] * shape[1] : 1;
    const nonzero = kernel.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
    dense += kernel.length * positions;
    sparse += nonzero * positions;
    entries += kernel.length;
    nonzeros += nonzero;
  }
  return { dense, sparse, density: nonzeros / entries, flopDensity: sparse / dense };
}

function keptCounts(network, graph, sparsity, distribution) {
  if (sparsity === 0) return new Map();
  const shapes = new Map([[graph.input.name, graph.input.shape], ...graph.nodes.map(node => [node.name, node.shape])]);
  const layers = graph.nodes
    .filter(node => (node.kind === 'convolution' || node.kind === 'dense') && !node.name.endsWith('_shortcut'))
    .map(node => ({
      node,
      name: node.name,
      shape: kernelShape(node, shapes),
      size: sizeOf(kernelShape(node, shapes)),
    }));
  const { prunable, erkOnlyPrunable = false } = networks[network];
  if (distribution === 'uniform')
    return uniform(
      layers.filter(({ node }) => prunable(node)),
      sparsity,
    );
  if (erkOnlyPrunable)
    return erdosRenyiKernel(
      layers.filter(({ node }) => prunable(node)),
      sparsity,
    );
  const spread = layers.filter(({ node }) => node.kind === 'convolution' && node.groups === 1);
  const classifier = layers.filter(({ node }) => node.kind === 'dense');
  return new Map([...erdosRenyiKernel(spread, sparsity), ...uniform(classifier, sparsity)]);
}

const sizeOf = shape => shape.reduce((product, side) => product * side, 1);

const kernelShape = (node, shapes) => node.kernelShape ?? [sizeOf(shapes.get(node.inputs[0])), node.shape[0]];

/** Of what a node adds, the end of the residual branch: the first that is named as the block is. */
function branchOf({ name, inputs }) {
  const block = name.slice(0, -'add'.length);
  return inputs.find(input => input.startsWith(block));
}

/** Option A: old channels in the middle of the new ones. */
function paddedIdentity([, , inputs, outputs]) {
  const kernel = new Float32Array(inputs * outputs);
  const before = Math.floor((outputs - inputs) / 2);
  for (let channel = 0; channel < inputs; channel++) kernel[channel * outputs + before + channel] = 1;
  return kernel;
}
