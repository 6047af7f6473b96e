import type { Command, Engine, Heap, TileTensor } from '../engine/engine.js';
import { tensorBytes, tileCount } from '../engine/tensor.js';
import type { Activation } from '../graph/activation.js';
import { activationWord } from './activation-codes.js';
import { pixelOffset } from './window/runs.js';
import { writeFloats, writeWords } from './write-record.js';

/** What can be done with two values, in the order in which `assembly/binary.ts` counts. */
const OPERATIONS = ['multiply', 'subtract', 'maximum', 'minimum', 'add', 'prelu'] as const;

/** What can be done with two values, entry by entry. */
export type BinaryOperation = (typeof OPERATIONS)[number];

/** Where an operand lies, in the words of a record: address, bytes to the next tile and channel, one float or many. */
type Operand = readonly [address: number, tile: number, channel: number, single: number];

/**
 * `output = activation(a ∘ b)`, entry by entry. One of both may have a value for each channel alone, or for each pixel,
 * or a single one. The output may be an operand that has its shape.
 */
export function binary(
  engine: Engine,
  operation: Exclude<BinaryOperation, 'prelu'>,
  activation: Activation,
  a: TileTensor,
  b: TileTensor,
  output: TileTensor,
): Command {
  return command(engine, operation, activation, operandOf(a, output), operandOf(b, output), output);
}

/** `output = input < 0 ? slope * input : input`, with a slope for each channel or for each entry in NHWC order. */
export function prelu(engine: Engine, slope: Float32Array, input: TileTensor, output: TileTensor): Command {
  const { channels, lanes, height, width } = output;
  const whole = lanes > 1 && slope.length !== channels;
  const slopes: Operand = whole
    ? [spreadOut(engine.heap, slope, output), channels * lanes * 4, lanes * 4, 0]
    : [writeFloats(engine.heap, slope), 0, 4, 1];
  if (whole && slope.length !== channels * height * width) throw new RangeError('Slopes are by channel or by entry.');
  return command(engine, 'prelu', 'linear', operandOf(input, output), slopes, output);
}

function operandOf(value: TileTensor, output: TileTensor): Operand {
  const { address, lanes, channels, tileStride } = value;
  const step = channels === output.channels ? lanes * 4 : 0;
  if (lanes === 1) return [address, 0, step, 1];
  const alone = value.height * value.width === 1 && output.height * output.width > 1;
  return alone ? [address, 0, step, 1] : [address, tileStride, step, 0];
}

/** Writes values in NHWC order as a tensor of this shape. */
function spreadOut(heap: Heap, values: Float32Array, shape: TileTensor): number {
  const { height, width, channels, lanes } = shape;
  const bytes = tensorBytes(shape, lanes);
  const address = heap.allocate(bytes);
  const floats = heap.floats(address, bytes / 4);
  const tensor = { ...shape, tileStride: channels * lanes * 4 };
  for (let pixel = 0; pixel < height * width; pixel++) {
    const at = pixelOffset(tensor, Math.floor(pixel / width), pixel % width) / 4;
    for (let c = 0; c < channels; c++) floats[at + c * lanes] = values[pixel * channels + c] as number;
  }
  return address;
}

function command(
  { heap }: Engine,
  operation: BinaryOperation,
  activation: Activation,
  a: Operand,
  b: Operand,
  output: TileTensor,
): Command {
  const record = writeWords(heap, [
    writeWords(heap, a),
    writeWords(heap, b),
    OPERATIONS.indexOf(operation),
    output.address,
    output.tileStride,
    output.channels,
    output.lanes,
    activationWord(heap, activation),
  ]);
  return { kernel: 'binary', record, items: tileCount(output), scratch: 0 };
}
