import { loadEngine } from '../../engine/load.js';
import { closeLanes, registersOf } from '../../executor/lanes.js';
import type { Lanes } from '../../executor/options.js';
import { leastTimes } from '../../executor/stopwatch.js';
import { eventLoopTurn } from '../../executor/threads/host.js';
import type { TuningCache } from '../../executor/tuning-cache.js';
import { unlessFull } from '../../executor/unless-full.js';
import { countNonzeros } from '../../graph/cost/count-nonzeros.js';
import type { ConvolutionNode, Graph } from '../../graph/graph.js';
import { chooseKernel, chooseKernels, type KernelChoices } from '../choose-kernels.js';
import { shapesOnly } from '../memory/reserve.js';
import { attempts } from './attempts.js';
import { tuningKey } from './tuning-key.js';
import type { TuningTarget } from './tuning-target.js';

/** Layers that are timed at most. */
const SAMPLES = 5;

/** A layer that stands for all convolutions with images of its size. */
interface Sample {
  readonly node: ConvolutionNode;
  readonly work: number;
  /** Work of all of them. */
  readonly total: number;
}

/**
 * The tile width that is fastest on the largest convolution of every image size, each counted as often as there is such
 * work. Only widths that may be the best are timed; if memory does not suffice for that, the best guess is taken. The
 * width does not change results.
 */
export async function tuneLanes(graph: Graph, target: TuningTarget, cache: TuningCache): Promise<Lanes> {
  const widths = closeLanes(graph, registersOf(target.instructions, target.native));
  const [guess] = widths as [Lanes, ...Lanes[]];
  const tensorsOf = new Map(widths.map(lanes => [lanes, shapesOnly(graph, lanes)] as const));
  const guessed = tensorsOf.get(guess) as ReturnType<typeof shapesOnly>;
  const samples = samplesOf(graph, chooseKernels(graph, guessed, target));
  if (widths.length === 1 || samples.length === 0) return guess;
  const key = JSON.stringify([
    'lanes',
    widths,
    samples.map(({ node, work, total }) => [
      tuningKey(node, guessed(node.inputs[0] ?? ''), target),
      Math.round((10 * total) / work),
    ]),
  ]);
  const remembered = widths.find(lanes => String(lanes) === cache.get(key));
  if (remembered !== undefined) return remembered;
  const costs = new Float64Array(widths.length);
  for (const { node, work, total } of samples) {
    const engine = await loadEngine({ instructions: target.instructions, native: target.native });
    const tries = unlessFull(() =>
      [...tensorsOf.values()].flatMap(tensorOf => {
        const [input, output] = [tensorOf(node.inputs[0] ?? ''), tensorOf(node.name)];
        const choice = chooseKernel(node, tensorOf, target);
        const guess = choice.kernel === 'sparse' ? [choice.variant] : [];
        return attempts(engine, node, [input, output], guess, target.threads);
      }),
    );
    if (tries === undefined) return guess;
    for (const [i, time] of leastTimes(tries).entries()) costs[i] = (costs[i] as number) + (time * total) / work;
    await eventLoopTurn();
  }
  const best = widths[costs.indexOf(Math.min(...costs))] ?? guess;
  cache.set(key, String(best));
  return best;
}

/**
 * The convolution with the most work of every size of output, for the sizes with the most work. Winograd takes any
 * width.
 */
function samplesOf({ nodes }: Graph, choices: KernelChoices): readonly Sample[] {
  const samples = new Map<number, Sample>();
  for (const node of nodes) {
    if (node.kind !== 'convolution' || choices.get(node.name)?.kernel !== 'sparse') continue;
    const pixels = node.shape[0] * (node.shape[1] ?? 1);
    const work = pixels * countNonzeros(node.kernel);
    const before = samples.get(pixels);
    const total = work + (before?.total ?? 0);
    samples.set(pixels, before === undefined || work > before.work ? { node, work, total } : { ...before, total });
  }
  return [...samples.values()]
    .filter(({ work }) => work > 0)
    .sort((a, b) => b.total - a.total)
    .slice(0, SAMPLES);
}
