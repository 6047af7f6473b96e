/** Networks with trained weights and masks, from checkpoints of `espalier prune`. */
import { readFileSync } from 'node:fs';
import { checkpointSparsity, decodeCheckpoint } from '@espalier/core';
import { graphFromCheckpoint, simplify } from '@espalier/runtime';
import { networks } from './networks.mjs';
import { randomNetwork } from './weights.mjs';

/** Sparsity of the prunable weights of each checkpoint file. */
export function sparsitiesOf(files) {
  return files.map(file => Number(checkpointSparsity(read(file)).prunable.toFixed(4)));
}

/**
 * The network with the folded kernels and biases of a checkpoint; what the checkpoint does not name stays as it is,
 * and so does a classifier that stays dense where it is of other classes.
 */
export function trainedNetwork(network, file) {
  const graph = randomNetwork(network, 0);
  const checkpoint = read(file);
  const trained = new Map(simplify(graphFromCheckpoint(checkpoint)).nodes.map(node => [node.name, node]));
  const { prunable } = networks[network];
  const nodes = graph.nodes.map(node => {
    const own = trained.get(node.name);
    if (!own?.kernel || !node.kernel) return node;
    if (own.kernel.length === node.kernel.length) return { ...node, kernel: own.kernel, bias: own.bias ?? node.bias };
    if (node.kind === 'dense' && !prunable(node)) return node;
    throw new Error(`${file} is no ${network}: ${node.name} differs.`);
  });
  const missing = nodes.filter(node => node.kernel && prunable(node) && !trained.has(node.name));
  if (missing.length > 0) throw new Error(`${file} is no ${network}: it has no ${missing[0].name}.`);
  return { ...graph, nodes };
}

const read = file => decodeCheckpoint(readFileSync(file));
