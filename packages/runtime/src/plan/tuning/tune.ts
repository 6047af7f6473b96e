import type { Engine, TileTensor } from '../../engine/engine.js';
import { loadEngine } from '../../engine/load.js';
import { type Attempt, fastest } from '../../executor/stopwatch.js';
import { eventLoopTurn } from '../../executor/threads/host.js';
import type { TuningCache } from '../../executor/tuning-cache.js';
import { unlessFull } from '../../executor/unless-full.js';
import type { Graph } from '../../graph/graph.js';
import { type ConvolutionVariant, convolutionVariants } from '../../kernels/index.js';
import { usesWinograd } from '../uses-winograd.js';
import { attempts } from './attempts.js';
import { tuningKey } from './tuning-key.js';

/** For whom the fastest way is looked for. */
export interface TuningTarget {
  readonly threads: number;
  readonly instructions: Engine['instructions'];
}

/** A memory is thrown away when weights packed for timing have filled it to so many bytes. */
const FULL = 2 ** 27;

/**
 * The fastest way to cut up each convolution of a graph, timed on memory of its own. What a thread does at most is timed, on
 * this thread alone. Convolutions for which memory does not suffice are left out.
 */
export async function tuneConvolutions(
  graph: Graph,
  tensorOf: (name: string) => TileTensor,
  target: TuningTarget,
  cache: TuningCache,
): Promise<Map<string, ConvolutionVariant>> {
  const chosen = new Map<string, ConvolutionVariant>();
  let engine: Engine | undefined;
  const benchEngine = async (): Promise<Engine> => {
    if (engine === undefined || engine.heap.memory.buffer.byteLength > FULL) engine = await loadEngine(target);
    return engine;
  };
  for (const node of graph.nodes) {
    if (node.kind !== 'convolution' || usesWinograd(node, tensorOf)) continue;
    const [input, output] = [tensorOf(node.inputs[0] ?? ''), tensorOf(node.name)];
    const variants = convolutionVariants(node, input, output, target.threads);
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
    if (variant !== undefined) chosen.set(node.name, variant);
  }
  return chosen;
}

/** The best chunk of channels for the number of tiles that is guessed, then the best number of tiles for that chunk. */
function best(
  variants: readonly ConvolutionVariant[],
  attempt: (some: readonly ConvolutionVariant[]) => Attempt[],
): ConvolutionVariant | undefined {
  const pick = (some: readonly ConvolutionVariant[]): ConvolutionVariant | undefined =>
    some.length < 2 ? some[0] : some[fastest(attempt(some))];
  const chunk = pick(variants.filter(({ tiles }) => tiles === variants[0]?.tiles))?.chunk;
  return pick(variants.filter(variant => variant.chunk === chunk));
}

function remembered(variants: readonly ConvolutionVariant[], text: string | undefined): ConvolutionVariant | undefined {
  return variants.find(variant => JSON.stringify(variant) === text);
}
