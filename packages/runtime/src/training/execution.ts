import type { Engine } from '../engine/engine.js';
import type { ThreadPool } from '../executor/thread-pool.js';
import type { CheckedLayer } from './check-layer.js';
import type { PackedLayer, Task } from './packing/pack-layer.js';
import { gatherGradients, sumPixels } from './packing/values.js';

/** What `TrainingProducts.compute` computes from what was loaded. */
export type TrainingProduct = 'forward' | 'inputGradient' | 'filterGradient';

/** A layer in memory and what computes it. */
export interface TrainingExecution {
  readonly engine: Engine;
  readonly layer: CheckedLayer;
  readonly packed: PackedLayer;
  readonly pool: ThreadPool;
}

/** Does one task with whatever lies in memory. */
export async function run({ packed, pool }: TrainingExecution, task: Task): Promise<void> {
  const [begin, end] = packed.ranges[task];
  const slow = pool.run(begin, end);
  if (slow !== undefined) await slow;
}

/** Brings images into the kernels' arrangement. */
export async function load(
  execution: TrainingExecution,
  tensor: 'input' | 'outputGradient',
  values: Float32Array,
): Promise<void> {
  execution.engine.heap.floats(execution.packed.border, values.length).set(values);
  await run(execution, tensor === 'input' ? 'storeInput' : 'storeOutputGradient');
}

/** Brings what was computed into the callers' arrangement. */
export async function read(
  execution: TrainingExecution,
  product: TrainingProduct | 'biasGradient',
): Promise<Float32Array> {
  const { engine, packed, layer } = execution;
  if (product === 'biasGradient') return sumPixels(engine.heap, packed.tensors.outputGradient);
  if (product === 'filterGradient') {
    return gatherGradients(engine.heap, packed.filterGradient.ranges, packed.places, layer.indices.length);
  }
  await run(execution, product === 'forward' ? 'fetchOutput' : 'fetchInputGradient');
  const shape = product === 'forward' ? layer.outputShape : layer.inputShape;
  return new Float32Array(engine.heap.floats(packed.border, layer.batch * sizeOf(shape)));
}

/** Number of entries. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
