import type { Command, Engine } from '../../engine/engine.js';
import { loadEngine } from '../../engine/load.js';
import { runCommand } from '../../engine/run-command.js';
import { fastest } from '../../executor/stopwatch.js';
import { eventLoopTurn } from '../../executor/threads/host.js';
import { unlessFull } from '../../executor/unless-full.js';
import { transposed } from '../../kernels/index.js';
import type { CheckedLayer } from '../check-layer.js';
import { type Activations, allocateActivations, arrangementOf } from './arrangement.js';
import { type ProductVariant, packFilterGradient, packForward, packInputGradient } from './pack-products.js';
import { filterGradientVariants, forwardVariants } from './variants.js';

/** How each product is partitioned. */
export interface ProductVariants {
  readonly forward: ProductVariant;
  readonly inputGradient: ProductVariant;
  readonly filterGradient: ProductVariant;
}

/**
 * The fastest way to partition each product, timed on memory of its own and on this thread alone; a guess where memory
 * does not suffice for that.
 */
export async function tuneProducts(
  layer: CheckedLayer,
  lanes: number,
  instructions: Engine['instructions'],
): Promise<ProductVariants> {
  const [height, width, channels] = layer.inputShape;
  const back = transposed(layer.spec, { height, width, channels }).spec;
  const choose = async (
    variants: (tensors: Activations) => readonly ProductVariant[],
    pack: (engine: Engine, tensors: Activations, variant: ProductVariant) => Command | undefined,
  ): Promise<ProductVariant> => {
    const engine = await loadEngine({ instructions });
    const packed = unlessFull(() => {
      const tensors = allocateActivations(engine.heap, arrangementOf(layer), lanes);
      const list = variants(tensors);
      const commands = list.map(variant => pack(engine, tensors, variant));
      const scratch = engine.heap.allocate(Math.max(...commands.map(command => command?.scratch ?? 0)));
      return { list, commands, scratch };
    });
    if (packed === undefined) return {};
    const { list, commands, scratch } = packed;
    await eventLoopTurn();
    const best = fastest(
      commands.map(command => () => {
        if (command !== undefined) runCommand(engine, command, scratch);
      }),
    );
    return list[best] ?? {};
  };
  return {
    forward: await choose(
      ({ input, output }) => forwardVariants(layer.spec, input.first, output.first),
      (engine, tensors, variant) => packForward(engine, layer, tensors, variant).command,
    ),
    inputGradient: await choose(
      ({ inputGradient, outputGradient }) => forwardVariants(back, outputGradient.first, inputGradient.first),
      (engine, tensors, variant) => packInputGradient(engine, layer, tensors, variant).commands.at(-1),
    ),
    filterGradient: await choose(
      ({ input, outputGradient }) => filterGradientVariants(layer.spec, input.first, outputGradient.first),
      (engine, tensors, variant) => packFilterGradient(engine, layer, tensors, variant).command,
    ),
  };
}
