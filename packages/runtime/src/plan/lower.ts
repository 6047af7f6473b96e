import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { channelView } from '../engine/tensor.js';
import type { ConcatNode, GraphNode } from '../graph/graph.js';
import {
  activate,
  add,
  binary,
  convolution,
  crop,
  dense,
  depthToSpace,
  depthwise,
  flatten,
  globalPool,
  normalize,
  permute,
  pool,
  prelu,
  softmax,
  unflatten,
  upsample,
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
      if (choice?.kernel === 'depthwise' && engine.native !== undefined) {
        return [depthwise(engine, engine.native, node, input, output)];
      }
      const variant = choice?.kernel === 'sparse' ? choice.variant : {};
      return [convolution(engine, node, input, output, second, variant)];
    }
    case 'dense':
      return [dense(engine, node, input, output)];
    case 'normalization':
      return [normalize(engine, node, input, output)];
    case 'activation':
      return [activate(engine, node.activation, input, output)];
    case 'add':
      if (second === undefined) return [];
      return isAlike(input, output) && isAlike(second, output)
        ? [add(engine, node.activation, input, second, output)]
        : [binary(engine, 'add', node.activation, input, second, output)];
    case 'multiply':
    case 'subtract':
    case 'maximum':
    case 'minimum':
      return second === undefined ? [] : [binary(engine, node.kind, node.activation, input, second, output)];
    case 'prelu':
      return [prelu(engine, node.slope, input, output)];
    case 'concat':
      return lowerConcat(node, lowering);
    case 'pool':
      return [pool(engine, node, input, output)];
    case 'globalPool':
      return [globalPool(engine, node.mode, input, output)];
    case 'zeroPadding':
      return [zeroPad(engine, node.padding, input, output)];
    case 'crop':
      return [crop(engine, node.padding, input, output)];
    case 'upsampling':
      return [upsample(engine, node, input, output)];
    case 'depthToSpace':
      return [depthToSpace(engine, node, input, output)];
    case 'permute':
      return [permute(engine, node.order, input, output)];
    case 'flatten':
      return [input.lanes === 1 ? activate(engine, 'linear', input, output) : flatten(engine, input, output)];
    case 'reshape':
      return [output.lanes === 1 ? activate(engine, 'linear', input, output) : unflatten(engine, input, output)];
    case 'transposedConvolution':
      throw new RangeError('Transposed convolutions are expanded before they are lowered.');
    case 'softmax':
      return [softmax(engine, input, output)];
  }
}

const isAlike = (value: TileTensor, output: TileTensor): boolean =>
  (['channels', 'lanes', 'height', 'width'] as const).every(side => value[side] === output[side]);

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
