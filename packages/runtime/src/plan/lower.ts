import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { channelView } from '../engine/tensor.js';
import type { ConcatNode, GraphNode } from '../graph/graph.js';
import {
  activate,
  add,
  convolution,
  dense,
  flatten,
  globalPool,
  normalize,
  pool,
  softmax,
  winograd,
  zeroPad,
} from '../kernels/index.js';
import type { KernelChoices } from './choose-kernels.js';

/** What a node is turned into commands with. */
export interface Lowering {
  readonly engine: Engine;
  readonly tensorOf: (name: string) => TileTensor;
  readonly choices: KernelChoices;
}

/** The commands that compute a node's value; none if it is computed in place already. */
export function lower(node: GraphNode, lowering: Lowering): Command[] {
  const { engine, tensorOf } = lowering;
  const output = tensorOf(node.name);
  const [input, second] = node.inputs.map(tensorOf);
  if (input === undefined) return [];
  switch (node.kind) {
    case 'convolution': {
      const choice = lowering.choices.get(node.name);
      if (choice?.kernel === 'winograd') return winograd(engine, node, input, output);
      return [convolution(engine, node, input, output, second, choice?.variant)];
    }
    case 'dense':
      return [dense(engine, node, input, output)];
    case 'normalization':
      return [normalize(engine, node, input, output)];
    case 'activation':
      return [activate(engine, node.activation, input, output)];
    case 'add':
      return second === undefined ? [] : [add(engine, node.activation, input, second, output)];
    case 'concat':
      return lowerConcat(node, lowering);
    case 'pool':
      return [pool(engine, node, input, output)];
    case 'globalPool':
      return [globalPool(engine, node.mode, input, output)];
    case 'zeroPadding':
      return [zeroPad(engine, node.padding, input, output)];
    case 'flatten':
      return [flatten(engine, input, output)];
    case 'softmax':
      return [softmax(engine, input, output)];
  }
}

/** Copies of the inputs that were not written into the joined value when they were made. */
function lowerConcat(node: ConcatNode, { engine, tensorOf }: Lowering): Command[] {
  const joined = tensorOf(node.name);
  let first = 0;
  return node.inputs.flatMap(name => {
    const input = tensorOf(name);
    const target = channelView(joined, first, input.channels);
    first += input.channels;
    return input.address === target.address ? [] : [activate(engine, 'linear', input, target)];
  });
}
