import { expect, it } from 'vitest';
import type { Candidate } from './candidates/candidate.js';
import { timeRounds } from './rounds.js';

/** Candidates that take 20 ms by their own account, more than a sample, and write down who ran. */
function pair(ran: string[]): Candidate[] {
  return (['sparse', 'dense'] as const).map(name => ({
    name,
    what: '',
    threads: 1,
    flopDensity: 1,
    run: async () => {
      const begin = performance.now();
      while (performance.now() - begin < 20);
      ran.push(name);
      return new Float32Array(1);
    },
    dispose: async () => {},
  }));
}

it('times each candidate once in every round, after the warm-ups', async () => {
  const ran: string[] = [];
  const samples = await timeRounds(pair(ran), { rounds: 4, budget: Infinity, signal: undefined });
  expect(samples.map(({ length }) => length)).toEqual([4, 4]);
  expect(ran.slice(-8)).toEqual(['sparse', 'dense', 'sparse', 'dense', 'sparse', 'dense', 'sparse', 'dense']);
});

it('begins no round after the budget, but makes nine anyway', async () => {
  const samples = await timeRounds(pair([]), { rounds: 50, budget: 0, signal: undefined });
  expect(samples.map(({ length }) => length)).toEqual([9, 9]);
});

it('stops between two samples once the signal is aborted', async () => {
  const ran: string[] = [];
  const controller = new AbortController();
  const candidates = pair(ran).map(candidate => ({
    ...candidate,
    run: () => {
      if (ran.length === 9) controller.abort();
      return candidate.run();
    },
  }));
  const timing = timeRounds(candidates, { rounds: 50, budget: Infinity, signal: controller.signal });
  await expect(timing).rejects.toMatchObject({ name: 'AbortError' });
  expect(ran).toHaveLength(10);
});
