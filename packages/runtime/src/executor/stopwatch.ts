/** Something whose speed is compared with others'. */
export interface Attempt {
  (): void;
  /** Done before every repetition and not timed: for clocks that are exact enough to look at them so often. */
  readonly prepare?: () => void;
}

const ROUNDS = 5;
const FINALISTS = 4;
/** Timers of browsers are coarse, so each look at the clock covers at least so many milliseconds. */
const LEAST = 0.3;
const MOST_REPETITIONS = 64;

/** Least milliseconds of every attempt: all are warmed up, then timed in turns. */
export function leastTimes(attempts: readonly Attempt[], now: () => number = () => performance.now()): number[] {
  const contenders = attempts.map(attempt => contender(attempt, now));
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of contenders) each.best = Math.min(each.best, elapsed(each.attempt, each.repetitions, now));
  }
  return contenders.map(({ best }) => best);
}

/** Index of the fastest attempt: all are warmed up and timed once, then the best few in turns. */
export function fastest(attempts: readonly Attempt[], now: () => number = () => performance.now()): number {
  const contenders = attempts.map((attempt, index) => ({ ...contender(attempt, now), index }));
  const finalists = contenders.sort((a, b) => a.best - b.best || a.index - b.index).slice(0, FINALISTS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const finalist of finalists) {
      finalist.best = Math.min(finalist.best, elapsed(finalist.attempt, finalist.repetitions, now));
    }
  }
  return finalists.reduce((best, other) => (other.best < best.best ? other : best)).index;
}

/** How much faster than a good guess others must be to be believed: a layer alone is not one in its network. */
const MARGIN = 0.06;

/** The same, but attempts that are timed alone must beat the first by a margin. */
export function clearlyFastest(attempts: readonly Attempt[], now: () => number = () => performance.now()): number {
  if (attempts.every(({ prepare }) => prepare === undefined)) return fastest(attempts, now);
  const times = leastTimes(attempts, now);
  const least = Math.min(...times);
  return (times[0] ?? 0) * (1 - MARGIN) <= least ? 0 : times.indexOf(least);
}

interface Contender {
  readonly attempt: Attempt;
  readonly repetitions: number;
  best: number;
}

function contender(attempt: Attempt, now: () => number): Contender {
  attempt();
  const once = elapsed(attempt, 1, now);
  const repetitions = Math.min(MOST_REPETITIONS, Math.ceil(LEAST / Math.max(once, 1e-3)));
  return { attempt, repetitions, best: elapsed(attempt, repetitions, now) };
}

/** Milliseconds for one repetition. */
function elapsed(attempt: Attempt, repetitions: number, now: () => number): number {
  if (attempt.prepare !== undefined) return elapsedAlone(attempt, attempt.prepare, repetitions, now);
  const start = now();
  for (let repetition = 0; repetition < repetitions; repetition++) attempt();
  return (now() - start) / repetitions;
}

function elapsedAlone(attempt: Attempt, prepare: () => void, repetitions: number, now: () => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    prepare();
    const start = now();
    attempt();
    least = Math.min(least, now() - start);
  }
  return least;
}
