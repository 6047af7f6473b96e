import type { FisherTask } from '../fisher/task.js';

/** What a worker is started with. */
export interface WorkerStart {
  /** Descriptor of the file, if there is one. */
  readonly descriptor?: number;
}

/** To a worker: what it is to do next. */
export interface Assignment {
  readonly task: FisherTask;
}

/** From a worker: how it went. */
export type Outcome = { readonly regular: boolean } | { readonly failure: string };
