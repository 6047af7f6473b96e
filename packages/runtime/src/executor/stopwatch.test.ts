import { describe, expect, it } from 'vitest';
import { type Attempt, clearlyFastest, fastest, leastTimes } from './stopwatch.js';

/** Attempts that let a clock of their own advance by so many milliseconds per call. */
function attempts(times: readonly ((call: number) => number)[]): {
  readonly list: (() => void)[];
  readonly now: () => number;
  readonly calls: number[];
} {
  let clock = 0;
  const calls = times.map(() => 0);
  const list = times.map((time, index) => () => {
    calls[index] = calls[index]! + 1;
    clock += time(calls[index]!);
  });
  return { list, now: () => clock, calls };
}

describe('the stopwatch', () => {
  it('finds the fastest, wherever it stands', () => {
    for (let best = 0; best < 7; best++) {
      const { list, now } = attempts(Array.from({ length: 7 }, (_, at) => () => (at === best ? 1 : 2 + at)));
      expect(fastest(list, now)).toBe(best);
    }
  });

  it('does not count the first call, which pays for compilation', () => {
    const { list, now } = attempts([call => (call === 1 ? 100 : 1), () => 2]);
    expect(fastest(list, now)).toBe(0);
  });

  it('takes the smallest of several times, so that one disturbance does not decide', () => {
    const { list, now } = attempts([call => (call === 3 ? 50 : 1), () => 2, () => 3]);
    expect(fastest(list, now)).toBe(0);
  });

  it('repeats what is shorter than the clock can tell', () => {
    const { list, now, calls } = attempts([() => 0.01]);
    fastest(list, now);
    expect(calls[0]).toBeGreaterThan(100);
  });

  it('gives the least time of each attempt, in their order, without the first call', () => {
    const { list, now } = attempts([() => 3, call => (call === 1 ? 100 : call === 4 ? 1 : 2), () => 0.5]);
    expect(leastTimes(list, now)).toEqual([3, 1, 0.5]);
  });

  describe('of attempts that are prepared', () => {
    /** Their preparation takes a second of the clock. */
    const prepared = (times: readonly number[]): Pick<ReturnType<typeof attempts>, 'now'> & { list: Attempt[] } => {
      let clock = 0;
      const prepare = (): void => {
        clock += 1000;
      };
      const attempt = (time: number): Attempt =>
        Object.assign(
          () => {
            clock += time;
          },
          { prepare },
        );
      return { list: times.map(attempt), now: () => clock };
    };

    it('does not count what prepares them', () => {
      const { list, now } = prepared([3, 1, 2]);
      expect(leastTimes(list, now)).toEqual([3, 1, 2]);
    });

    it('keeps the first unless another takes at least 6 % less', () => {
      for (const [second, expected] of [
        [95, 0],
        [93, 1],
      ] as const) {
        const { list, now } = prepared([100, second, 120]);
        expect(clearlyFastest(list, now)).toBe(expected);
      }
    });

    it('takes the fastest of those that are not', () => {
      const { list, now } = attempts([() => 100, () => 99]);
      expect(clearlyFastest(list, now)).toBe(1);
    });
  });
});
