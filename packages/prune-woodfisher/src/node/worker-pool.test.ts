import { closeSync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import type { FisherTask } from '../fisher/task.js';
import type { WorkerStart } from './messages.js';
import { WorkerPool } from './worker-pool.js';

/** Two entries, F = λI + g gᵀ, as tasks that add the gradient g. */
const tasks = (count: number): FisherTask[] =>
  Array.from({ length: count }, (_, i) => ({
    kind: 'accumulate',
    band: { form: 'direct', bounds: Uint32Array.of(0, 2), count: 1, damping: 1 },
    segment: Float32Array.of(1, i),
    rows: 1,
    first: 0,
    data: { gradients: new Float32Array(0), factors: new Float64Array(new SharedArrayBuffer(24)) },
  }));

const program = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`);
const onMessage = (act: string): URL =>
  program(`import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { ${act} });`);

async function withPool<T>(pool: WorkerPool, use: (pool: WorkerPool) => Promise<T>): Promise<T> {
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

it('runs every task once and reports each, with more tasks than threads and with fewer', async () => {
  await withPool(new WorkerPool(2, {}), async pool => {
    for (const count of [0, 1, 7]) {
      const work = tasks(count);
      const done: number[] = [];
      expect(await pool.run(work, index => done.push(index))).toEqual(Array(count).fill(true));
      expect(done.sort()).toEqual(work.map((_, i) => i));
      work.forEach(({ data }, i) => {
        expect('factors' in data && [...data.factors]).toEqual([1, i, i * i]);
      });
    }
  });
});

it.each([
  ['exits', onMessage('process.exit(3)'), /exited with code 3/],
  ['throws', onMessage("throw new Error('broken')"), /broken/],
  ['does not start', program("throw new Error('no start')"), /no start/],
  ['runs out of memory', onMessage('const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()));'), /memory/],
])('rejects with a code when a worker %s, at once and ever after', async (_, script, reason) => {
  await withPool(new WorkerPool(2, {}, script, { maxOldGenerationSizeMb: 64 }), async pool => {
    await expect(pool.run(tasks(9))).rejects.toMatchObject({
      code: 'FISHER_WORKER',
      message: expect.stringMatching(reason),
    });
    await expect(pool.run(tasks(1))).rejects.toMatchObject({ code: 'FISHER_WORKER' });
  });
});

it('rejects when a task fails, with the reason', async () => {
  const [task] = tasks(1);
  const spilled = { ...task, kind: 'write', data: { at: 0 } } as FisherTask;
  await withPool(new WorkerPool(1, {}), async pool => {
    await expect(pool.run([spilled])).rejects.toMatchObject({
      code: 'FISHER_WORKER',
      reason: expect.stringMatching(/no file/),
    });
  });
  await withPool(new WorkerPool(1, { descriptor: 1_000_000 }), async pool => {
    await expect(pool.run([spilled])).rejects.toMatchObject({ reason: expect.stringMatching(/EBADF|bad file/i) });
  });
});

it('rejects what is under way when it is closed, and an error of the progress callback is passed on', async () => {
  const pool = new WorkerPool(1, {}, onMessage(''));
  const pending = expect(pool.run(tasks(1))).rejects.toMatchObject({ code: 'FISHER_WORKER' });
  await pool.close();
  await pending;
  await withPool(new WorkerPool(2, {}), async other => {
    const thrown = new Error('mine');
    await expect(
      other.run(tasks(4), () => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
  });
});

it.runIf(process.platform === 'linux')('rejects with what the system says when the disk is full', async () => {
  const full = openSync('/dev/full', 'r+');
  const [task] = tasks(1);
  const spilled = { ...task, kind: 'write', data: { at: 0 } } as FisherTask;
  await withPool(new WorkerPool(2, { descriptor: full }), async pool => {
    await expect(pool.run([spilled])).rejects.toMatchObject({
      code: 'FISHER_WORKER',
      reason: expect.stringMatching(/ENOSPC|no space/i),
    });
  });
  closeSync(full);
});

it('rejects with a code when a thread cannot be made, and ends those that could', async () => {
  let made = 0;
  const start: WorkerStart = {
    get descriptor() {
      if (++made === 3) throw new Error('EAGAIN');
      return 0;
    },
  };
  const terminate = vi.spyOn(Worker.prototype, 'terminate');
  await withPool(new WorkerPool(4, start, onMessage('')), async pool => {
    await expect(pool.run(tasks(2))).rejects.toMatchObject({
      code: 'FISHER_WORKER',
      reason: expect.stringMatching(/EAGAIN/),
    });
  });
  expect(terminate).toHaveBeenCalledTimes(2);
  terminate.mockRestore();
});
