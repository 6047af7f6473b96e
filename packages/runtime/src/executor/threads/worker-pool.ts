import type { Engine, NativeEngine } from '../../engine/engine.js';
import { compileKernels } from '../../engine/load.js';
import { ThreadLostError } from '../errors.js';
import type { Program } from '../program.js';
import type { ThreadPool } from '../thread-pool.js';
import { CONTROL, controlBytes } from './control-block.js';
import { eventLoopTurn } from './host.js';
import { RunGate } from './run-gate.js';
import { type Spawn, spawn as spawnWorker, type Thread } from './spawn.js';
import { StallWatch } from './stall-watch.js';
import { startThreads } from './start-threads.js';
import { takePart } from './take-part.js';
import type { WorkOrder } from './work.js';

/** How a pool is made; everything but the number of threads is for tests. */
export interface WorkerPoolOptions {
  /** Threads in all, this one included; at least 2. */
  readonly threads: number;
  readonly spawn?: Spawn;
  /** Milliseconds without any progress after which a thread counts as lost. */
  readonly stall?: number;
}

/** How often this thread looks whether the others are ready before it lets the event loop turn. */
const PATIENCE = 100_000;
const STALL = 30_000;

/** Scratch memories of different threads share no page. */
const PAGE = 4096;

/** This thread and workers that share its memory. */
export class WorkerPool implements ThreadPool {
  readonly threads: number;
  readonly #program: Program;
  readonly #words: Int32Array;
  readonly #gate: RunGate;
  readonly #scratch: number;
  readonly #stall: number;
  #workers: readonly Thread[] = [];
  #failure: ThreadLostError | undefined;
  #disposed = false;

  /** @throws {@link ThreadsUnavailableError} if the workers do not start. */
  static async start(
    engine: Engine,
    program: Program,
    { threads, spawn, stall = STALL }: WorkerPoolOptions,
  ): Promise<WorkerPool> {
    const { heap, instructions, native } = engine;
    const module = await compileKernels(instructions, true);
    const bytes = controlBytes(program.commands.length);
    const control = heap.allocate(bytes);
    const scratchBytes = Math.ceil(program.scratch / PAGE) * PAGE;
    const scratch = heap.allocate(scratchBytes * threads);
    const pool = new WorkerPool(heap.integers(control, bytes / 4), program, scratch, threads, stall);
    const order = {
      module,
      memory: heap.memory,
      kernels: program.names,
      control,
      words: bytes / 4,
      ...(native === undefined ? {} : { native: addonOf(native) }),
    };
    const orders = Array.from({ length: threads - 1 }, (_, worker) => ({
      ...order,
      scratch: scratch + scratchBytes * (worker + 1),
    }));
    pool.#workers = await startThreads(orders, spawn ?? spawnWorker, reason => pool.#lose(reason));
    return pool;
  }

  private constructor(words: Int32Array, program: Program, scratch: number, threads: number, stall: number) {
    this.#words = words;
    this.#program = program;
    this.#gate = new RunGate(words);
    this.#scratch = scratch;
    this.threads = threads;
    this.#stall = stall;
    program.commands.forEach(({ record, items }, index) => {
      const share = Math.max(1, Math.floor(items / (threads * 4)));
      words.set([program.kernelOf[index] ?? 0, record, items, share], CONTROL.table + CONTROL.stride * index);
    });
  }

  run(begin: number, end: number): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (begin === end) return undefined;
    this.#gate.open(begin, end);
    const command = this.#takePart(begin);
    return command === end && this.#gate.close(PATIENCE) ? undefined : this.#finish(command, end);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#end();
  }

  /** The slow part of a run, in which events of workers that died can arrive. */
  async #finish(from: number, end: number): Promise<void> {
    const watch = new StallWatch(this.#words, this.#stall);
    let command = from;
    while (command < end || !this.#gate.close(PATIENCE)) {
      this.#gate.rest(Math.min(command, end - 1));
      await eventLoopTurn();
      if (watch.stalled(Math.min(command, end - 1))) this.#lose(`it has not answered for ${this.#stall} ms`);
      if (this.#failure !== undefined) throw this.#failure;
      if (command < end) command = this.#takePart(command);
    }
  }

  #takePart(command: number): number {
    try {
      return takePart(CONTROL, this.#words, this.#program.kernels, this.#scratch, command, PATIENCE);
    } catch (cause) {
      this.#lose(`a kernel trapped (${String(cause)})`);
      throw this.#failure ?? cause;
    }
  }

  #lose(reason: string): void {
    if (this.#disposed || this.#failure !== undefined) return;
    this.#failure = new ThreadLostError(reason);
    // What a thread that hangs has to say about its end is of no interest.
    this.#end().catch(() => undefined);
  }

  async #end(): Promise<void> {
    this.#gate.abandon();
    await Promise.all(this.#workers.map(worker => worker.terminate()));
  }
}

/** What another thread needs to load the same kernels. */
function addonOf({ choice }: NativeEngine): NonNullable<WorkOrder['native']> {
  return { file: choice.kernels.file, instructions: choice.instructions };
}
