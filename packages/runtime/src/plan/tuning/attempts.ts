import type { Engine, TileTensor } from '../../engine/engine.js';
import { kernelNamed } from '../../engine/run-command.js';
import { allocateTensor, tensorBytes } from '../../engine/tensor.js';
import type { Attempt } from '../../executor/stopwatch.js';
import type { ConvolutionNode } from '../../graph/graph.js';
import { type ConvolutionVariant, convolution } from '../../kernels/index.js';
import { nearCacheSweeper, read } from './near-caches.js';

/** A convolution in each of these variants, on memory of its own: what a thread does at most. */
export function attempts(
  engine: Engine,
  node: ConvolutionNode,
  [likeInput, likeOutput]: readonly [TileTensor, TileTensor],
  variants: readonly ConvolutionVariant[],
  threads: number,
): Attempt[] {
  const { heap } = engine;
  const input = allocateTensor(heap, likeInput, likeInput.lanes);
  const output = allocateTensor(heap, likeOutput, likeOutput.lanes);
  const residual = node.inputs.length > 1 ? output : undefined;
  const commands = variants.map(variant => convolution(engine, node, input, output, residual, variant));
  const sweep = nearCacheSweeper();
  const floats = tensorBytes(input, input.lanes) / 4;
  const scratch = heap.allocate(Math.max(...commands.map(command => command.scratch)));
  const prepare = (): void => {
    sweep();
    read(heap.floats(input.address, floats));
  };
  return commands.map(({ kernel, record, items }): Attempt => {
    const run = kernelNamed(engine, kernel);
    const attempt = (): void => run(record, 0, Math.ceil(items / threads), scratch);
    // Native kernels run in Node, whose clock is exact.
    if (engine.native !== undefined) return Object.assign(attempt, { prepare });
    return () => {
      sweep();
      attempt();
    };
  });
}
