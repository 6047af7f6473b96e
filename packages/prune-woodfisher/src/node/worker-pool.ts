import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { FisherTask } from '../fisher/task.js';
import { FisherWorkerError } from './errors.js';
import type { Assignment, Outcome, WorkerStart } from './messages.js';

/** Beside the built module; tests run on the sources, where it has to be compiled first. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? '../../test/worker-in-sources.mjs' : './worker.js',
  import.meta.url,
);

interface Round {
  readonly tasks: readonly FisherTask[];
  readonly regular: boolean[];
  readonly onDone: ((task: number) => void) | undefined;
  next: number;
  left: number;
  resolve(regular: readonly boolean[]): void;
  reject(error: unknown): void;
}

/** Threads that each take the next task as soon as they are done with one. After a failure nothing runs any more. */
export class WorkerPool {
  readonly #workers: Worker[] = [];
  readonly #current = new Map<Worker, number>();
  #round: Round | undefined;
  #failure: FisherWorkerError | undefined;

  constructor(threads: number, start: WorkerStart, program: URL = script, resourceLimits: ResourceLimits = {}) {
    const options = { execArgv: [], workerData: start, resourceLimits, name: 'espalier-fisher' };
    try {
      for (let i = 0; i < threads; i++) this.#watch(new Worker(program, options));
    } catch (error) {
      this.#fail(`it could not be started (${String(error)})`); // those that were end with close
    }
  }

  #watch(worker: Worker): void {
    this.#workers.push(worker);
    worker.on('message', (outcome: Outcome) => this.#finished(worker, outcome));
    worker.on('error', error => this.#fail(`it ended with ${String(error)}`));
    worker.on('messageerror', error => this.#fail(`its answer is unreadable (${String(error)})`));
    worker.on('exit', code => this.#fail(`it exited with code ${code}`));
  }

  /** One call at a time. */
  run(tasks: readonly FisherTask[], onDone?: (task: number) => void): Promise<readonly boolean[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure);
      else if (tasks.length === 0) resolve([]);
      else {
        this.#round = { tasks, regular: [], onDone, next: 0, left: tasks.length, resolve, reject };
        for (const worker of this.#workers) this.#assign(worker, this.#round);
      }
    });
  }

  async close(): Promise<void> {
    this.#fail('it was closed');
    await Promise.all(this.#workers.map(worker => worker.terminate()));
  }

  #assign(worker: Worker, round: Round): void {
    const index = round.next;
    const task = round.tasks[index];
    if (!task) return;
    round.next++;
    this.#current.set(worker, index);
    try {
      const assignment: Assignment = { task };
      worker.postMessage(assignment);
    } catch (error) {
      this.#fail(`it cannot be given a task (${String(error)})`);
    }
  }

  #finished(worker: Worker, outcome: Outcome): void {
    const round = this.#round;
    const index = this.#current.get(worker);
    if (!round || index === undefined) return;
    if ('failure' in outcome) {
      this.#fail(outcome.failure);
      return;
    }
    round.regular[index] = outcome.regular;
    round.left--;
    try {
      round.onDone?.(index);
    } catch (error) {
      this.#failure ??= new FisherWorkerError('the progress callback threw');
      this.#end(error);
      return;
    }
    if (round.left > 0) this.#assign(worker, round);
    else {
      this.#round = undefined;
      round.resolve(round.regular);
    }
  }

  #fail(reason: string): void {
    this.#failure ??= new FisherWorkerError(reason);
    this.#end(this.#failure);
  }

  #end(error: unknown): void {
    const round = this.#round;
    this.#round = undefined;
    round?.reject(error);
  }
}
