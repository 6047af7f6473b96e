import { checkOptions } from '@espalier/core';
import type { Engine } from '../engine/engine.js';
import { loadEngine } from '../engine/load.js';
import { runCommand } from '../engine/run-command.js';
import { isNative } from '../executor/engine-choice.js';
import { usableInstructions } from '../executor/instructions.js';
import { bestLanes, registersOf } from '../executor/lanes.js';
import { type Instructions, type Lanes, resolveOptions, TRAINING_RULES } from '../executor/options.js';
import { programOf } from '../executor/program.js';
import { callingThread } from '../executor/thread-pool.js';
import { WorkerPool } from '../executor/threads/worker-pool.js';
import type { Graph } from '../graph/graph.js';
import { type CheckedLayer, checkLayer } from './check-layer.js';
import type { TrainingLayer, TrainingOptions } from './layer.js';
import { arrangementOf } from './packing/arrangement.js';
import { type PackedLayer, packLayer } from './packing/pack-layer.js';
import { type ProductVariants, tuneProducts } from './packing/tune-products.js';
import { TrainingProducts } from './products.js';

/**
 * Packs the places of a layer's active weights for the three products of training: forward, gradient with respect to
 * the input, and gradient with respect to the active weights alone.
 *
 * Time follows the number of active weights; on one core of a server the products overtake a native dense engine at
 * about 80 % zeros. The gradient with respect to the input of a layer with strides is computed over the spread
 * gradient, zeros included, which costs as many times as there are pixels in a stride. Memory is needed for the four
 * tensors of a batch, and for the larger of images going in or coming out once more.
 *
 * @param layer - Shapes and mask of a convolution or dense layer. The mask is copied; another mask needs new products.
 * @param options - Threads and settings.
 * @returns The products, with all weights and biases 0. Dispose of them when they are no longer needed.
 * @throws {@link InvalidTrainingLayerError} if the layer contradicts itself or is too large.
 * @throws {@link InvalidOptionError} if an option has no such value, and {@link UnknownOptionError} if there is no such
 *   option.
 * @throws {@link ThreadsUnavailableError} if threads were asked for where there are none.
 * @throws {@link SimdUnavailableError} if the engine lacks the instructions.
 * @throws {@link WideKernelsUnavailableError} if `relaxed-simd-256` was asked for where there is no such thing, and
 * {@link WideKernelsWrongError} if V8 compiles it wrongly.
 * @throws {@link HeapFullError} if the batch does not fit into memory.
 *
 * @example
 * ```ts
 * import { trainingProducts } from '@espalier/runtime';
 *
 * export async function step(mask: Uint8Array, kernel: Float32Array, x: Float32Array, dy: Float32Array) {
 *   const products = await trainingProducts({
 *     kernelShape: [3, 3, 64, 64],
 *     mask,
 *     inputShape: [56, 56, 64],
 *     batch: 16,
 *     padding: 'same',
 *   });
 *   await products.setWeights(kernel);
 *   const y = await products.forward(x);
 *   const dx = await products.inputGradient(dy);
 *   const dw = products.toKernel(await products.filterGradient(x, dy));
 *   await products.dispose();
 *   return { y, dx, dw };
 * }
 * ```
 */
export async function trainingProducts(layer: TrainingLayer, options: TrainingOptions = {}): Promise<TrainingProducts> {
  checkOptions<TrainingOptions>(options, TRAINING_RULES);
  const checked = checkLayer(layer);
  const resolved = resolveOptions(options);
  const { threads = 1 } = resolved;
  const asked = isNative(resolved.instructions) ? undefined : resolved.instructions;
  const instructions = await usableInstructions(asked, threads > 1);
  const { lanes = lanesOf(checked, instructions) } = resolved;
  const variants = resolved.tune ? await tuneProducts(checked, lanes, instructions) : guess();
  const engine = await loadEngine({ instructions, shared: threads > 1 });
  const packed = packLayer(engine, checked, lanes, share(variants, threads));
  clearWeights(engine, packed);
  const program = programOf(engine, packed.commands);
  const pool = threads > 1 ? await WorkerPool.start(engine, program, { threads }) : callingThread(engine, program);
  return new TrainingProducts({ engine, layer: checked, packed, pool });
}

/** Packed weights are those of the mask, 1, until they are fetched from the list of weights, which are 0. */
function clearWeights(engine: Engine, { commands, ranges }: PackedLayer): void {
  for (const command of commands.slice(...ranges.refresh)) runCommand(engine, command, 0);
}

/** Tiles that are whole pieces of rows are packed faster, so that where 28 lanes make them, more lanes do not pay. */
function lanesOf(layer: CheckedLayer, instructions: Instructions): Lanes {
  const { together, input, output } = arrangementOf(layer);
  const whole = input.width % 28 === 0 && output.width % 28 === 0;
  return whole && !together ? 28 : bestLanes(graphOf(layer), registersOf(instructions));
}

function guess(): ProductVariants {
  return { forward: {}, inputGradient: {}, filterGradient: {} };
}

/**
 * The gradient with respect to the weights has a work item for every split of the outputs; the others have one for
 * every few tiles.
 */
function share(variants: ProductVariants, threads: number): ProductVariants {
  return threads === 1
    ? variants
    : { ...variants, filterGradient: { ...variants.filterGradient, splits: 2 * threads } };
}

/** A graph of this layer alone, as a batch lies in memory. */
function graphOf(layer: CheckedLayer): Graph {
  const { input, output } = arrangementOf(layer);
  const name = 'layer';
  return {
    input: { name: 'input', shape: [input.height, input.width, input.channels] },
    nodes: [
      {
        ...layer.spec,
        kind: 'convolution',
        name,
        inputs: ['input'],
        shape: [output.height, output.width, output.channels],
      },
    ],
    output: name,
  };
}
