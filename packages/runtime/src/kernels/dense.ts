import type { Command, Engine, Heap, TileTensor } from '../engine/engine.js';
import type { DenseNode } from '../graph/graph.js';
import { activationWord } from './activation-codes.js';
import { writeWords } from './write-record.js';

/** A fully connected layer, without its place in a graph. */
export type DenseSpec = Pick<DenseNode, 'kernel' | 'bias' | 'activation'>;

/** Outputs of a work item. */
const BLOCK = 16;

/** From this density on, whole rows are faster than lists of nonzeros. */
const FULL_DENSITY = 0.25;

/**
 * `output = activation(kernel' input + bias)` for vectors. Input and output must not overlap. A sparse kernel's zeros
 * take no part, so 0 * NaN adds nothing; a kernel with a quarter or more of nonzeros is multiplied in full.
 */
export function dense({ heap }: Engine, spec: DenseSpec, input: TileTensor, output: TileTensor): Command {
  const counts = nonzerosByOutput(spec.kernel, output.channels);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const full = total >= FULL_DENSITY * spec.kernel.length;
  const starts = full ? packFull(heap, spec.kernel, output.channels) : packSparse(heap, spec.kernel, counts, total);
  const record = writeWords(heap, [
    writeRows(heap, starts, spec.bias),
    output.channels,
    input.channels,
    input.address,
    output.address,
    activationWord(heap, spec.activation),
  ]);
  return { kernel: full ? 'fullDense' : 'sparseDense', record, items: Math.ceil(output.channels / BLOCK), scratch: 0 };
}

function nonzerosByOutput(kernel: Float32Array, outputs: number): Int32Array {
  const counts = new Int32Array(outputs);
  for (let base = 0; base < kernel.length; base += outputs) {
    for (let m = 0; m < outputs; m++) if (kernel[base + m] !== 0) counts[m] = (counts[m] as number) + 1;
  }
  return counts;
}

/** Pairs of a byte offset in the input and a weight, output by output. Returns where each begins, and the end. */
function packSparse(heap: Heap, kernel: Float32Array, counts: Int32Array, total: number): readonly number[] {
  const outputs = counts.length;
  const address = heap.allocate(total * 8);
  const offsets = heap.integers(address, total * 2);
  const weights = heap.floats(address, total * 2);
  const next = new Int32Array(outputs);
  for (let m = 1; m < outputs; m++) next[m] = (next[m - 1] as number) + (counts[m - 1] as number);
  const starts = [...next, total].map(at => address + at * 8);
  for (let base = 0, input = 0; base < kernel.length; base += outputs, input++) {
    for (let m = 0; m < outputs; m++) {
      const weight = kernel[base + m] as number;
      if (weight === 0) continue;
      const at = next[m] as number;
      next[m] = at + 1;
      offsets[at * 2] = input * 4;
      weights[at * 2 + 1] = weight;
    }
  }
  return starts;
}

/** The kernel by output. Returns where each row begins, and the end. */
function packFull(heap: Heap, kernel: Float32Array, outputs: number): readonly number[] {
  const inputs = kernel.length / outputs;
  const address = heap.allocate(kernel.length * 4);
  const weights = heap.floats(address, kernel.length);
  for (let k = 0; k < inputs; k++) {
    for (let m = 0; m < outputs; m++) weights[m * inputs + k] = kernel[k * outputs + m] as number;
  }
  return Array.from({ length: outputs + 1 }, (_, m) => address + m * inputs * 4);
}

function writeRows(heap: Heap, starts: readonly number[], bias: Float32Array | undefined): number {
  const address = writeWords(
    heap,
    starts.flatMap(start => [start, 0]),
  );
  if (bias !== undefined) {
    const floats = heap.floats(address, starts.length * 2);
    for (let m = 0; m < bias.length; m++) floats[m * 2 + 1] = bias[m] as number;
  }
  return address;
}
