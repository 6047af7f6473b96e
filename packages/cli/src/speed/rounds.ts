import type { Candidate } from './candidates/candidate.js';

/** Fast networks are run so often that one sample takes about this long. */
const SAMPLE = 15;
/**
 * Runs before anything is timed: at least two, and as many as fit into so many milliseconds, so that V8 optimizes the
 * kernels.
 */
const WARM_UP = { runs: 2, milliseconds: 60 };
/** Rounds that are made whatever the budget, if so many are wanted: enough for quartiles. */
const LEAST_ROUNDS = 9;

/** How often and how long to time. */
export interface RoundOptions {
  readonly rounds: number;
  /** Milliseconds after which no further round begins. */
  readonly budget: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Milliseconds of one run of every candidate, one sample a round. Every round times each candidate once, so that
 * whatever else the machine does slows all of them alike.
 */
export async function timeRounds(
  candidates: readonly Candidate[],
  { rounds, budget, signal }: RoundOptions,
): Promise<number[][]> {
  const pause = pauseBetween(candidates, signal);
  const entries: { candidate: Candidate; repetitions: number; samples: number[] }[] = [];
  for (const candidate of candidates) {
    const once = await warmUp(candidate, pause);
    entries.push({ candidate, repetitions: Math.max(1, Math.round(SAMPLE / once)), samples: [] });
  }
  const begin = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= LEAST_ROUNDS && performance.now() - begin > budget) break;
    for (const { candidate, repetitions, samples } of entries) {
      await pause();
      samples.push(await timed(candidate, repetitions));
    }
  }
  return entries.map(({ samples }) => samples);
}

/** The time of the last run of a warm-up. */
async function warmUp(candidate: Candidate, pause: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  let once = 0;
  for (let run = 0; run < WARM_UP.runs || performance.now() - begin < WARM_UP.milliseconds; run++) {
    await pause();
    once = await timed(candidate, 1);
  }
  return once;
}

async function timed(candidate: Candidate, repetitions: number): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < repetitions; i++) await candidate.run();
  return (performance.now() - begin) / repetitions;
}

/** Lets signals arrive, and threads of the candidate before stop spinning. */
function pauseBetween(candidates: readonly Candidate[], signal: AbortSignal | undefined): () => Promise<void> {
  const threads = Math.max(...candidates.map(candidate => candidate.threads));
  return async () => {
    await new Promise<void>(resolve => {
      if (threads > 1) setTimeout(resolve, 5);
      else setImmediate(resolve);
    });
    signal?.throwIfAborted();
  };
}
