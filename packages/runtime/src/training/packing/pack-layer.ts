import type { Command, Engine, Heap } from '../../engine/engine.js';
import { vectorAt } from '../../engine/tensor.js';
import { type FilterGradient, flatten, fromNhwc, type PackedConvolution, refreshWeights } from '../../kernels/index.js';
import type { CheckedLayer } from '../check-layer.js';
import { type Activations, allocateActivations, arrangementOf } from './arrangement.js';
import type { BatchTensor } from './batch-tensor.js';
import { packFilterGradient, packForward, packInputGradient } from './pack-products.js';
import type { ProductVariants } from './tune-products.js';

/** Things that the commands of a layer do. */
const TASKS = [
  'refresh',
  'forward',
  'inputGradient',
  'filterGradient',
  'storeInput',
  'storeOutputGradient',
  'fetchOutput',
  'fetchInputGradient',
] as const;

/** One of {@link TASKS}. */
export type Task = (typeof TASKS)[number];

/** A layer in a heap. */
export interface PackedLayer {
  readonly commands: readonly Command[];
  /** The commands of each task: the first, and the one after the last. */
  readonly ranges: Readonly<Record<Task, readonly [number, number]>>;
  readonly tensors: Activations;
  /** Address of the weights, one float each. */
  readonly weights: number;
  /** Address of images as the caller sees them, on their way in or out. */
  readonly border: number;
  readonly forward: PackedConvolution;
  readonly filterGradient: FilterGradient;
  /** For every index of the kernel, which of the active weights it is. */
  readonly places: Int32Array;
}

/** Packs the three products of a layer, and the ways in and out. */
export function packLayer(engine: Engine, layer: CheckedLayer, lanes: number, variants: ProductVariants): PackedLayer {
  const { heap } = engine;
  const tensors = allocateActivations(heap, arrangementOf(layer), lanes);
  const forward = packForward(engine, layer, tensors, variants.forward);
  const inputGradient = packInputGradient(engine, layer, tensors, variants.inputGradient);
  const gradient = packFilterGradient(engine, layer, tensors, variants.filterGradient);
  const weights = heap.allocate(layer.indices.length * 4 + 4);
  const border = allocateBorder(heap, layer);
  const places = placesOf(layer);
  const tasks: Readonly<Record<Task, readonly Command[]>> = {
    refresh: [
      refreshWeights(engine, forward.chunks, weights, places),
      refreshWeights(
        engine,
        inputGradient.convolution.chunks,
        weights,
        inputGradient.indices.map(index => places[index] as number),
      ),
    ],
    forward: [forward.command],
    inputGradient: inputGradient.commands,
    filterGradient: [gradient.command],
    storeInput: storeCommands(engine, border, tensors.input),
    storeOutputGradient: storeCommands(engine, border, tensors.outputGradient),
    fetchOutput: fetchCommands(engine, border, tensors.output),
    fetchInputGradient: fetchCommands(engine, border, tensors.inputGradient),
  };
  return { ...sequence(tasks), tensors, weights, border, forward, filterGradient: gradient, places };
}

function placesOf({ spec, indices }: CheckedLayer): Int32Array {
  const places = new Int32Array(spec.kernel.length);
  indices.forEach((index, place) => {
    places[index] = place;
  });
  return places;
}

function allocateBorder(heap: Heap, { inputShape, outputShape, batch }: CheckedLayer): number {
  const floats = Math.max(...[inputShape, outputShape].map(([height, width, channels]) => height * width * channels));
  return heap.allocate(floats * batch * 4);
}

function storeCommands(engine: Engine, border: number, { tensors }: BatchTensor): readonly Command[] {
  return tensors.map((tensor, index) => fromNhwc(engine, border + index * floatsOf(tensor) * 4, tensor));
}

function fetchCommands(engine: Engine, border: number, { tensors }: BatchTensor): readonly Command[] {
  return tensors.map((tensor, index) => {
    const floats = floatsOf(tensor);
    return flatten(engine, tensor, vectorAt(border + index * floats * 4, floats));
  });
}

function floatsOf({ height, width, channels }: BatchTensor['first']): number {
  return height * width * channels;
}

function sequence(tasks: Readonly<Record<Task, readonly Command[]>>): Pick<PackedLayer, 'commands' | 'ranges'> {
  const commands = TASKS.flatMap(task => tasks[task]);
  let begin = 0;
  const entries = TASKS.map(task => {
    const range = [begin, begin + tasks[task].length] as const;
    begin = range[1];
    return [task, range] as const;
  });
  return { commands, ranges: Object.fromEntries(entries) as PackedLayer['ranges'] };
}
