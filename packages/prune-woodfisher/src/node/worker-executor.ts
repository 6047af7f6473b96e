import { availableParallelism } from 'node:os';
import { checkOptions, rules } from '@espalier/core';
import type { FisherExecutor, FisherWork } from '../fisher/executor.js';
import { openSpillFile, type SpillFile } from './spill-file.js';
import { WorkerPool } from './worker-pool.js';

/** Options of {@link workerExecutor}. */
export interface WorkerExecutorOptions {
  /**
   * Worker threads, an integer ≥ 1.
   *
   * @defaultValue as many as the process has cores
   */
  readonly threads?: number | undefined;
  /**
   * An existing directory for a temporary file with the gradients and factors of an estimate that does not fit into
   * `memoryLimit`. It takes at most about `4 samples + 4 min(samples, blockSize)² / blockSize` bytes for each active
   * entry, and is deleted with the estimate. Give a real disk: a directory in memory helps nothing.
   *
   * @defaultValue none; what does not fit is refused
   */
  readonly spill?: string | undefined;
}

/**
 * Runs the arithmetic of WoodFisher on worker threads that share memory with the caller, and, if it may, keeps what
 * does not fit into memory in a file. The result is the same to the last bit, whatever the threads and wherever the
 * data are.
 *
 * Threads start with each pruning step and end with it. If one dies, the decision rejects with
 * {@link FisherWorkerError}. Before any work, {@link FisherDiskError} reports a directory without room.
 *
 * @param options - How many threads, and where a file may be.
 * @returns A value for the option `executor` of `woodFisher` and `oneShotWoodFisher`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range.
 *
 * @example A ResNet-50 in blocks of 2000, in 8 GiB of memory and 49 GB of disk.
 * ```ts
 * import { woodFisher } from '@espalier/prune-woodfisher';
 * import { workerExecutor } from '@espalier/prune-woodfisher/node';
 *
 * const method = woodFisher({
 *   sparsity: 0.9,
 *   cadence: { start: 0, end: 7000, every: 1000 },
 *   blockSize: 2000,
 *   executor: workerExecutor({ threads: 8, spill: '/var/tmp' }),
 * });
 * ```
 */
export function workerExecutor(options: WorkerExecutorOptions = {}): FisherExecutor {
  checkOptions<WorkerExecutorOptions>(options, {
    threads: rules.optional(rules.integer({ from: 1 })),
    spill: rules.optional(rules.text),
  });
  const { threads = availableParallelism(), spill } = options;
  return {
    threads,
    spills: spill !== undefined,
    open: async fileBytes => {
      const file = spill !== undefined && fileBytes > 0 ? await openSpillFile(spill, fileBytes) : undefined;
      return workOf(new WorkerPool(threads, file ? { descriptor: file.descriptor } : {}), file);
    },
  };
}

function workOf(pool: WorkerPool, file: SpillFile | undefined): FisherWork {
  return {
    allocate: bytes => new SharedArrayBuffer(bytes),
    run: (tasks, onDone) => pool.run(tasks, onDone),
    close: async () => {
      try {
        await pool.close();
      } finally {
        await file?.close();
      }
    },
  };
}
