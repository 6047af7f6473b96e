import { expect, test } from 'vitest';
import { Exclusive } from './exclusive.js';
import type { ThreadPool } from './thread-pool.js';

/** A resource whose threads end when they are told to. */
function slowResource(): {
  readonly resource: { readonly pool: ThreadPool };
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
  return {
    resource: { pool: { threads: 2, run: () => undefined, dispose } },
    finish: () => finish(),
    ends: () => ends,
  };
}

const disposed = (): Error => new RangeError('disposed');

test('whoever disposes of it, first or later, waits until the threads have ended', async () => {
  const { resource, finish, ends } = slowResource();
  const exclusive = new Exclusive(resource, disposed);
  let settled = 0;
  const all = [exclusive.dispose(), exclusive.dispose()].map(async end => {
    await end;
    settled++;
  });
  await new Promise(resolve => setTimeout(resolve, 0));
  expect([settled, ends()]).toEqual([0, 1]);
  finish();
  await Promise.all(all);
  expect([settled, ends()]).toEqual([2, 1]);
});

test('a caller who fails lets the next one in', async () => {
  const exclusive = new Exclusive(slowResource().resource, disposed);
  const broken = exclusive.use(() => Promise.reject(new RangeError('wrong')));
  const next = exclusive.use(() => 'in');
  await expect(broken).rejects.toThrow('wrong');
  await expect(next).resolves.toBe('in');
});

test('the caller who holds it finishes before the threads end; those who wait are refused', async () => {
  const { resource, finish, ends } = slowResource();
  const exclusive = new Exclusive(resource, disposed);
  let release = (): void => undefined;
  const holding = exclusive.use(() => new Promise<string>(resolve => (release = () => resolve('done'))));
  const waiting = exclusive.use(() => 'in');
  const ending = exclusive.dispose();
  expect(ends()).toBe(0);
  release();
  await expect(holding).resolves.toBe('done');
  await expect(waiting).rejects.toThrow('disposed');
  finish();
  await ending;
  expect(ends()).toBe(1);
  await expect(exclusive.use(() => 'in')).rejects.toThrow('disposed');
});
