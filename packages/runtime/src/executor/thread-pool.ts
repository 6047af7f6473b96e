import type { Engine } from '../engine/engine.js';
import type { Program } from './program.js';

/** What runs a program: one thread or several. */
export interface ThreadPool {
  readonly threads: number;
  /**
   * Runs the commands from `begin` up to `end`. Gives a promise only if other threads take longer than the caller
   * should be kept waiting; otherwise all is done when it returns. Calls must not overlap.
   */
  run(begin: number, end: number): Promise<void> | undefined;
  /** Ends every thread. Later calls do nothing. */
  dispose(): Promise<void>;
}

/** The calling thread alone. */
export function callingThread(engine: Engine, program: Program): ThreadPool {
  const scratch = engine.heap.allocate(program.scratch);
  const { commands, kernels, kernelOf } = program;
  return {
    threads: 1,
    run(begin, end) {
      for (let index = begin; index < end; index++) {
        const command = commands[index];
        const kernel = kernels[kernelOf[index] ?? -1];
        if (command !== undefined && kernel !== undefined) kernel(command.record, 0, command.items, scratch);
      }
      return undefined;
    },
    dispose: async () => undefined,
  };
}
