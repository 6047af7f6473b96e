/**
 * Words through which the threads of a plan talk, as indices into its control block. What different threads write
 * at the same time lies on cache lines of its own.
 */
export interface ControlLayout {
  /** 0 while nothing runs, −1 when workers must end, otherwise the number of the run that they may join. */
  readonly gate: number;
  /** Workers that have joined and not yet left. */
  readonly active: number;
  /** Threads that sleep, or are about to. */
  readonly sleepers: number;
  /** Not 0 once a kernel has trapped in any thread. */
  readonly failed: number;
  /** First command of this run, and the one after its last. */
  readonly begin: number;
  readonly end: number;
  /** Where the table of commands begins. */
  readonly table: number;
  /** Words of one command: kernel, record, items, items per share, items handed out, items done. */
  readonly stride: number;
}

export const CONTROL: ControlLayout = {
  gate: 0,
  active: 16,
  sleepers: 32,
  failed: 48,
  begin: 64,
  end: 65,
  table: 80,
  stride: 16,
};

/** Bytes of the control block of so many commands. */
export const controlBytes = (commands: number): number => 4 * (CONTROL.table + CONTROL.stride * commands);
