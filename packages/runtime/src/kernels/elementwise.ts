import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { tileCount } from '../engine/tensor.js';
import type { Activation, NormalizationNode } from '../graph/graph.js';
import { activationWord } from './activation-codes.js';
import { writeFloats, writeWords } from './write-record.js';

/** A factor and an offset by channel. */
export type NormalizationSpec = Pick<NormalizationNode, 'scale' | 'offset'> & { readonly activation?: Activation };

/** `output = activation(a + b)`. The output may be one of the summands. */
export function add(engine: Engine, activation: Activation, a: TileTensor, b: TileTensor, output: TileTensor): Command {
  return command(engine, 'add', activation, a, b, output);
}

/** `output = activation(input)`, in place or elsewhere; `linear` copies, for example into a view of a joined tensor. */
export function activate(engine: Engine, activation: Activation, input: TileTensor, output: TileTensor): Command {
  return command(engine, 'add', activation, input, undefined, output);
}

/** `output = activation(input * scale + offset)` by channel, in place or elsewhere. */
export function normalize(engine: Engine, spec: NormalizationSpec, input: TileTensor, output: TileTensor): Command {
  const factors = [writeFloats(engine.heap, spec.scale), writeFloats(engine.heap, spec.offset)];
  return command(engine, 'normalize', spec.activation ?? 'linear', input, undefined, output, factors);
}

function command(
  { heap }: Engine,
  kernel: 'add' | 'normalize',
  activation: Activation,
  a: TileTensor,
  b: TileTensor | undefined,
  output: TileTensor,
  factors: readonly number[] = [0, 0],
): Command {
  const record = writeWords(heap, [
    a.address,
    a.tileStride,
    b?.address ?? 0,
    b?.tileStride ?? 0,
    output.address,
    output.tileStride,
    output.channels,
    output.lanes,
    activationWord(heap, activation),
    ...factors,
  ]);
  return { kernel, record, items: tileCount(output), scratch: 0 };
}
