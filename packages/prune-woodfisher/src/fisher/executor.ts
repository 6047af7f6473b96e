import { type FisherTask, runFisherTask } from './task.js';

/** Runs the arithmetic of Fisher estimates: {@link inThread}, or worker threads in Node. */
export interface FisherExecutor {
  /** Tasks that run at the same time, an integer ≥ 1. */
  readonly threads: number;
  /** Whether a file may take what does not fit into memory. */
  readonly spills: boolean;
  /**
   * Begins one estimate.
   *
   * @param fileBytes - Size of the file that will be used, 0 for none; above 0 only if `spills`.
   */
  open(fileBytes: number): Promise<FisherWork>;
}

/** One estimate under way. Whatever it holds is given back by `close`. */
export interface FisherWork {
  /** Zeroed memory that all tasks of this estimate can see. */
  allocate(bytes: number): ArrayBuffer | SharedArrayBuffer;
  /**
   * Runs tasks that do not depend on each other, in any order, each once, as `runFisherTask` does. Returns what it
   * returned for each; rejects if one could not be run.
   *
   * @param onDone - Called after each task with its index.
   */
  run(tasks: readonly FisherTask[], onDone?: (task: number) => void): Promise<readonly boolean[]>;
  /** Ends workers and deletes the file, also after an error. */
  close(): Promise<void>;
}

/**
 * Runs everything on the calling thread, in memory; works everywhere.
 *
 * @returns An executor, the default of the option `executor`.
 *
 * @example
 * ```ts
 * import { inThread, oneShotWoodFisher } from '@espalier/prune-woodfisher';
 *
 * const method = oneShotWoodFisher({ sparsity: 0.8, executor: inThread() });
 * ```
 */
export function inThread(): FisherExecutor {
  return { threads: 1, spills: false, open: async () => inThreadWork };
}

const inThreadWork: FisherWork = {
  allocate: bytes => new ArrayBuffer(bytes),
  run: async (tasks, onDone) =>
    tasks.map((task, i) => {
      const regular = runFisherTask(task);
      onDone?.(i);
      return regular;
    }),
  close: async () => {},
};
