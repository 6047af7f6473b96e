import type { Engine, TileTensor } from '../../engine/engine.js';
import { loadEngine } from '../../engine/load.js';
import { type Attempt, clearlyFastest } from '../../executor/stopwatch.js';
import { eventLoopTurn } from '../../executor/threads/host.js';
import type { TuningCache } from '../../executor/tuning-cache.js';
import { unlessFull } from '../../executor/unless-full.js';
import type { Graph } from '../../graph/graph.js';
import type { ConvolutionVariant } from '../../kernels/index.js';
import type { KernelChoice, KernelChoices } from '../choose-kernels.js';
import { attempts } from './attempts.js';
import { tuningKey } from './tuning-key.js';
import type { TuningTarget } from './tuning-target.js';

/** A memory is thrown away when weights packed for timing have filled it to so many bytes. */
const FULL = 2 ** 27;

/**
 * The choices with the fastest variant of every sparse convolution, timed on memory of its own: the work that one
 * thread does at most, on this thread alone. A convolution for which memory does not suffice keeps its guess.
 */
export async function tuneConvolutions(
  graph: Graph,
  tensorOf: (name: string) => TileTensor,
  choices: KernelChoices,
  target: TuningTarget,
  cache: TuningCache,
): Promise<KernelChoices> {
  const tuned = new Map<string, KernelChoice>(choices);
  let engine: Engine | undefined;
  const benchEngine = async (): Promise<Engine> => {
    if (engine === undefined || engine.heap.memory.buffer.byteLength > FULL)
      engine = await loadEngine({ instructions: target.instructions, native: target.native });
    return engine;
  };
  for (const node of graph.nodes) {
    const choice = choices.get(node.name);
    if (node.kind !== 'convolution' || choice?.kernel !== 'sparse') continue;
    const { variants } = choice;
    const [input, output] = [tensorOf(node.inputs[0] ?? ''), tensorOf(node.name)];
    const key = tuningKey(node, input, target);
    let variant = remembered(variants, cache.get(key));
    if (variant === undefined) {
      const bench = await benchEngine();
      const attempt = (some: readonly ConvolutionVariant[]): Attempt[] =>
        attempts(bench, node, [input, output], some, target.threads);
      variant = unlessFull(() => best(variants, attempt));
      if (variant !== undefined) cache.set(key, JSON.stringify(variant));
      else engine = undefined;
      await eventLoopTurn();
    }
    if (variant !== undefined) tuned.set(node.name, { ...choice, variant });
  }
  return tuned;
}

/**
 * The best chunk of channels for the number of tiles that is guessed, then the best number of tiles for that chunk,
 * then whether zeros are multiplied.
 */
function best(
  variants: readonly ConvolutionVariant[],
  attempt: (some: readonly ConvolutionVariant[]) => Attempt[],
): ConvolutionVariant | undefined {
  const pick = (some: readonly ConvolutionVariant[]): ConvolutionVariant | undefined =>
    some.length < 2 ? some[0] : some[clearlyFastest(attempt(some))];
  const [guess] = variants;
  const alike = variants.filter(({ full }) => full === guess?.full);
  const chunk = pick(alike.filter(({ tiles }) => tiles === guess?.tiles))?.chunk;
  const tiles = pick(alike.filter(variant => variant.chunk === chunk))?.tiles;
  return pick(variants.filter(variant => variant.chunk === chunk && variant.tiles === tiles));
}

function remembered(variants: readonly ConvolutionVariant[], text: string | undefined): ConvolutionVariant | undefined {
  return variants.find(variant => JSON.stringify(variant) === text);
}
