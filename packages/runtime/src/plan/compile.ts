import { type Checkpoint, decodeCheckpoint, InvalidOptionError } from '@espalier/core';
import { loadEngine } from '../engine/load.js';
import { chooseEngine } from '../executor/engine-choice.js';
import { bestLanes, registersOf } from '../executor/lanes.js';
import {
  type CompileOptions,
  type Lanes,
  type ResolvedOptions,
  resolveOptions,
  threadsFor,
} from '../executor/options.js';
import { programOf } from '../executor/program.js';
import { callingThread } from '../executor/thread-pool.js';
import { WorkerPool, type WorkerPoolOptions } from '../executor/threads/worker-pool.js';
import { checkGraph } from '../graph/check-graph.js';
import { graphCost } from '../graph/cost/cost.js';
import { outputsOf } from '../graph/ends.js';
import type { Graph } from '../graph/graph.js';
import { graphFromCheckpoint } from '../graph/graph-from-checkpoint.js';
import { simplify } from '../graph/simplify.js';
import { build } from './build.js';
import { chooseKernels } from './choose-kernels.js';
import { expandTransposed } from './expand-transposed.js';
import { shapesOnly } from './memory/reserve.js';
import { Plan } from './plan.js';
import { reachable } from './reachable.js';
import { summarize } from './summary.js';
import { tuneConvolutions } from './tuning/tune.js';
import { tuneLanes } from './tuning/tune-lanes.js';

/**
 * Compiles a network into a plan: folds what can be folded, packs what is not 0, reserves memory and starts threads.
 *
 * @param source - A checkpoint that holds its model, its bytes, or a graph (`fromLayersModel` of
 * `@espalier/runtime/tfjs`, {@link graphFromDescription}, or made by hand). Not modified; not needed any more
 * afterwards.
 * @param options - Threads, instructions, tuning, layout.
 * @returns A plan, to be disposed of when it is no longer needed.
 * @throws {@link UnsupportedLayersError} if the runtime cannot run some layers, with the names of all of them.
 * @throws {@link CorruptCheckpointError}, {@link CheckpointMismatchError}, {@link InvalidTopologyError} or
 * {@link InvalidGraphError} if the source is not sound.
 * @throws {@link InvalidOptionError} if an option is out of range, or the options are not an object, and
 * {@link UnknownOptionError} if there is another option.
 * @throws {@link SimdUnavailableError} if the JavaScript engine has no such instructions.
 * @throws {@link WideKernelsUnavailableError} if `relaxed-simd-256` was asked for where there is no such thing, and
 * {@link WideKernelsWrongError} if V8 compiles it wrongly.
 * @throws {@link NativeKernelsUnavailableError} if native kernels, or what only they have, were asked for and there are
 * none, and {@link PlanUnsoundError} if what was packed for them reaches outside of the plan's memory.
 * @throws {@link ThreadsUnavailableError} if threads were asked for and cannot be started.
 * @throws {@link HeapFullError} if the network does not fit into 2 GiB.
 *
 * @example
 * ```ts
 * import { compile } from '@espalier/runtime';
 *
 * export async function logits(checkpoint: Uint8Array, image: Float32Array): Promise<Float32Array> {
 *   const plan = await compile(checkpoint, { threads: 1 });
 *   const result = await plan.run(image);
 *   await plan.dispose();
 *   return result;
 * }
 * ```
 */
export async function compile(source: Checkpoint | Graph | Uint8Array, options: CompileOptions = {}): Promise<Plan> {
  const resolved = resolveOptions(options);
  return compileGraph(graphOf(source, options.inputShape), resolved);
}

/** What {@link compile} does, for tests with threads of their own. */
export async function compileGraph(
  source: Graph,
  options: ResolvedOptions,
  poolOptions: Pick<WorkerPoolOptions, 'spawn' | 'stall'> = {},
): Promise<Plan> {
  checkGraph(source);
  const simple = simplify(reachable(source));
  const cost = graphCost(simple);
  const { graph, origins } = expandTransposed(simple);
  const { layout, cache } = options;
  const threads = options.threads ?? threadsFor(cost.sparseMultiplyAdds);
  const { instructions, native, passedOver } = await chooseEngine(options, threads > 1);
  const target = { threads, instructions, native };
  const chooseLanes = async (): Promise<Lanes> =>
    options.tune ? tuneLanes(graph, target, cache) : bestLanes(graph, registersOf(instructions, native));
  const lanes = options.lanes ?? (await chooseLanes());
  const shapes = shapesOnly(graph, lanes);
  const guessed = chooseKernels(graph, shapes, target);
  const choices = options.tune ? await tuneConvolutions(graph, shapes, guessed, target, cache) : guessed;
  const engine = await loadEngine({ instructions, native, shared: threads > 1 });
  const built = build(graph, engine, { lanes, choices });
  const program = programOf(engine, built.commands);
  const pool =
    threads > 1 ? await WorkerPool.start(engine, program, { ...poolOptions, threads }) : callingThread(engine, program);
  const { activationBytes, facts } = built;
  const settings = {
    activationBytes,
    threads,
    lanes,
    engine: native === undefined ? ('wasm' as const) : ('native' as const),
    ...(passedOver === undefined ? {} : { passedOver }),
    instructions: native?.instructions ?? instructions,
  };
  const summary = summarize(graph, { cost, origins, facts }, settings);
  return new Plan({ engine, build: built, pool }, outputsOf(source), layout, summary);
}

function graphOf(source: Checkpoint | Graph | Uint8Array, inputShape: CompileOptions['inputShape']): Graph {
  if (source instanceof Uint8Array) return graphFromCheckpoint(decodeCheckpoint(source), { inputShape });
  if (typeof source === 'object' && source !== null && 'nodes' in source) {
    if (inputShape === undefined) return source;
    throw new InvalidOptionError(
      'inputShape',
      inputShape,
      'absent for a graph, whose sizes are known; give it to what makes the graph',
    );
  }
  if (typeof source === 'object' && source !== null && 'weights' in source)
    return graphFromCheckpoint(source, { inputShape });
  throw new InvalidOptionError('source', source, 'a checkpoint, its bytes, or a graph');
}
