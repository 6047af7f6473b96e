import { type Checkpoint, checkpointSparsity, requireCheckpoint } from '@espalier/core';
import { type CompileOptions, compile, type Plan } from '@espalier/runtime';
import { abortableCache } from './abortable-cache.js';
import type { Candidate } from './candidates/candidate.js';
import { openTfjs } from './candidates/open-tfjs.js';
import { planCandidate } from './candidates/plan-candidate.js';
import { describeMachine } from './machine.js';
import type { SpeedReport } from './report.js';
import { checkSpeedOptions, type SpeedOptions } from './speed-options.js';
import { timeCandidates } from './time-candidates.js';
import { withoutZeros } from './without-zeros.js';

/**
 * Measures how fast a network runs here: our plan of it beside our plan of the same network without zeros and, unless
 * told otherwise, TensorFlow.js on its WebAssembly backend. Their outputs are compared first; samples are interleaved.
 *
 * @param checkpoint - With its model. Not modified.
 * @param options - What to time, and how long.
 * @returns Plain data that can be written as JSON. A TensorFlow.js that cannot run the network is named in `leftOut`.
 * @throws {@link @espalier/core!InvalidOptionError} or {@link @espalier/core!UnknownOptionError} if an option is wrong.
 * @throws {@link @espalier/core!CheckpointMismatchError} if the checkpoint holds no topology.
 * @throws {@link @espalier/runtime!UnsupportedLayersError} if the runtime cannot run some layers.
 * @throws {@link OutputsDisagreeError} if the outputs differ by more than 1e-3 of the largest.
 * @throws What `compile` of `@espalier/runtime` throws otherwise.
 *
 * @example
 * ```ts
 * import { measureSpeed } from '@espalier/cli';
 * import { readCheckpoint } from '@espalier/core/node';
 *
 * export async function timesAsFast(path: string): Promise<number> {
 *   const { candidates } = await measureSpeed(await readCheckpoint(path), { threads: 1, tfjs: false });
 *   return candidates.find(({ name }) => name === 'dense')?.ratio.median ?? Number.NaN;
 * }
 * ```
 */
export async function measureSpeed(checkpoint: Checkpoint, options: SpeedOptions = {}): Promise<SpeedReport> {
  requireCheckpoint(checkpoint);
  checkSpeedOptions(options);
  const { threads, engine, instructions = 'auto', batch = 1, tune = true, tfjs = true, signal, onProgress } = options;
  const machine = describeMachine(); // before the load is our own
  const settings: CompileOptions = { engine, instructions, tune: tune && abortableCache(signal) };
  const opened: { dispose(): Promise<void> }[] = [];
  const open = async (source: Checkpoint, count: number | undefined): Promise<Plan> => {
    signal?.throwIfAborted();
    const plan = await compile(source, { ...settings, ...(count === undefined ? {} : { threads: count }) });
    opened.push(plan);
    return plan;
  };
  try {
    onProgress?.('Compiling the sparse network.');
    const sparse = await open(checkpoint, threads);
    onProgress?.('Compiling the dense network.');
    const dense = await open(withoutZeros(checkpoint), sparse.summary.threads);
    const candidates: Candidate[] = [planCandidate('sparse', sparse, batch), planCandidate('dense', dense, batch)];
    const peer = tfjs ? await openTfjs(checkpoint, batch) : {};
    if (peer.candidate !== undefined) opened.push(peer.candidate) && candidates.push(peer.candidate);
    const timed = await timeCandidates({ candidates, sparse, dense }, { ...options, batch });
    const { summary } = sparse;
    const sparsity = checkpointSparsity(checkpoint);
    return {
      candidates: timed.candidates,
      leftOut: peer.leftOut === undefined ? [] : [peer.leftOut],
      sparsity: { prunable: sparsity.prunable, all: sparsity.all },
      flops: { dense: summary.denseFlops, sparse: summary.sparseFlops },
      flopDensity: summary.flopDensity,
      threads: summary.threads,
      batch,
      rounds: timed.rounds,
      tuned: tune,
      engine: summary.engine,
      passedOver: summary.passedOver ?? null,
      instructions: summary.instructions,
      lanes: summary.lanes,
      layers: timed.layers,
      machine,
    };
  } finally {
    for (const each of opened.reverse()) await each.dispose();
  }
}
