import { expect, test } from 'vitest';
import { Access } from './access.js';
import type { TrainingMachine } from './machine.js';

/** A machine that does nothing, whose threads end when they are told to. */
function slowMachine(): {
  readonly machine: TrainingMachine;
  readonly finish: () => void;
  readonly ends: () => number;
} {
  let [ends, finish] = [0, (): void => undefined];
  const dispose = (): Promise<void> => {
    ends++;
    return new Promise(resolve => {
      finish = resolve;
    });
  };
  const machine = { crew: { threads: 2, run: () => undefined, dispose } } as unknown as TrainingMachine;
  return { machine, finish: () => finish(), ends: () => ends };
}

test('whoever ends it, first or later, waits until the threads have ended', async () => {
  const { machine, finish, ends } = slowMachine();
  const access = new Access(machine);
  let settled = 0;
  const all = [access.end(), access.end()].map(async end => {
    await end;
    settled++;
  });
  await new Promise(resolve => setTimeout(resolve, 0));
  expect([settled, ends()]).toEqual([0, 1]);
  finish();
  await Promise.all(all);
  expect([settled, ends()]).toEqual([2, 1]);
});

test('a user who fails lets the next one in', async () => {
  const access = new Access(slowMachine().machine);
  const broken = access.use(() => Promise.reject(new RangeError('wrong')));
  const next = access.use(() => 'in');
  await expect(broken).rejects.toThrow('wrong');
  await expect(next).resolves.toBe('in');
});
