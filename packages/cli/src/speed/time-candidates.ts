import type { Plan } from '@espalier/runtime';
import type { Candidate } from './candidates/candidate.js';
import { layerSpeeds } from './layers.js';
import { median, quartiles } from './numbers.js';
import { compareOutputs } from './outputs.js';
import type { CandidateSpeed, LayerSpeed, Milliseconds, SpeedRatio } from './report.js';
import { timeRounds } from './rounds.js';
import { lengthOf, type SpeedOptions } from './speed-options.js';

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
  const { batch = 1, perLayer = false, signal, onProgress } = options;
  const { rounds, budget } = lengthOf(options);
  const differences = await compareOutputs(candidates);
  onProgress?.(`Timing ${candidates.map(({ name }) => name).join(', ')}.`);
  const samples = await timeRounds(candidates, { rounds, budget, signal });
  return {
    candidates: candidates.map(({ name, what, threads, flopDensity }, index): CandidateSpeed => {
      const [own = [], reference = []] = [samples[index], samples[0]];
      const ratio = ratioOf(own, reference);
      return {
        name,
        what,
        threads,
        flopDensity,
        milliseconds: summary(own, batch),
        ratio,
        difference: differences[index] ?? 0,
      };
    }),
    rounds: samples[0]?.length ?? 0,
    layers: perLayer ? await layerSpeeds(sparse, dense, samples[0]?.length ?? rounds, signal) : null,
  };
}

function summary(samples: readonly number[], batch: number): Milliseconds {
  const [lower, upper] = quartiles(samples);
  return {
    median: median(samples) / batch,
    minimum: Math.min(...samples) / batch,
    quartiles: [lower / batch, upper / batch],
  };
}

/** Of the rounds, one by one. */
function ratioOf(samples: readonly number[], reference: readonly number[]): SpeedRatio {
  const ratios = samples.map((time, round) => time / (reference[round] ?? Number.NaN));
  return {
    median: median(ratios),
    minimum: Math.min(...samples) / Math.min(...reference),
    quartiles: quartiles(ratios),
  };
}
