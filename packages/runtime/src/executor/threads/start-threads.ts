import { ThreadsUnavailableError } from '../errors.js';
import type { Spawn, Thread } from './spawn.js';
import type { WorkOrder, WorkReport } from './work.js';
import { workerSource } from './worker-source.js';

/** Who is told when a thread is lost after it was ready. */
export type OnLost = (reason: string) => void;

/**
 * Starts one worker for each order and waits until all are ready.
 *
 * @throws {@link ThreadsUnavailableError} if one does not start within `patience` milliseconds; the others are ended
 *   then.
 */
export async function startThreads(
  orders: readonly WorkOrder[],
  spawn: Spawn,
  onLost: OnLost,
  patience = 30_000,
): Promise<Thread[]> {
  const source = workerSource();
  const started: Thread[] = [];
  try {
    const ready = orders.map(order => startThread(source, order, spawn, onLost, thread => started.push(thread)));
    await within(Promise.all(ready), patience);
  } catch (error) {
    await Promise.all(started.map(thread => thread.terminate()));
    throw error instanceof ThreadsUnavailableError ? error : new ThreadsUnavailableError(String(error));
  }
  for (const thread of started) thread.unref();
  return started;
}

function startThread(
  source: string,
  order: WorkOrder,
  spawn: Spawn,
  onLost: OnLost,
  began: (thread: Thread) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let ready = false;
    const lost = (reason: string): void => {
      if (ready) onLost(reason);
      else reject(new ThreadsUnavailableError(reason));
    };
    const thread = spawn(source, {
      ended: lost,
      said: message => {
        const said = message as WorkReport;
        if (said.kind === 'failed') return lost(said.reason);
        ready = true;
        resolve();
      },
    });
    began(thread);
    thread.start(order);
  });
}

async function within(work: Promise<unknown>, patience: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ThreadsUnavailableError(`one was not ready after ${patience} ms`)), patience);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
