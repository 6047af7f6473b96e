import type { Plan } from '@espalier/runtime';
import type { Candidate } from './candidate.js';
import { layerSpeeds } from './layers.js';
import { median } from './numbers.js';
import { compareOutputs } from './outputs.js';
import type { CandidateSpeed, LayerSpeed, Milliseconds } from './report.js';
import { timeRounds } from './rounds.js';
import type { SpeedOptions } from './speed-options.js';

/** What is timed; the sparse plan is the first candidate. */
export interface Timed {
  readonly candidates: readonly Candidate[];
  readonly sparse: Plan;
  readonly dense: Plan;
}

/** What came of it. */
export interface Times {
  readonly candidates: readonly CandidateSpeed[];
  readonly rounds: number;
  readonly layers: readonly LayerSpeed[] | null;
}

/** Compares the outputs, then times. */
export async function timeCandidates({ candidates, sparse, dense }: Timed, options: SpeedOptions): Promise<Times> {
  const { batch = 1, rounds = 15, budget = Infinity, perLayer = false, signal, onProgress } = options;
  const differences = await compareOutputs(candidates);
  onProgress?.(`Timing ${candidates.map(({ name }) => name).join(', ')}.`);
  const samples = await timeRounds(candidates, { rounds, budget, signal });
  const milliseconds = samples.map(times => summary(times, batch));
  const [reference = { median: 1, minimum: 1 }] = milliseconds;
  return {
    candidates: candidates.map(({ name, what, threads, flopDensity }, index): CandidateSpeed => {
      const own = milliseconds[index] ?? reference;
      const ratio = { median: own.median / reference.median, minimum: own.minimum / reference.minimum };
      return { name, what, threads, flopDensity, milliseconds: own, ratio, difference: differences[index] ?? 0 };
    }),
    rounds: samples[0]?.length ?? 0,
    layers: perLayer ? await layerSpeeds(sparse, dense, rounds, signal) : null,
  };
}

function summary(samples: readonly number[], batch: number): Milliseconds {
  return { median: median(samples) / batch, minimum: Math.min(...samples) / batch };
}
