/*
 * What a worker thread runs. It imports the arithmetic alone, so that it starts in milliseconds.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { runFisherTask } from '../fisher/task.js';
import { descriptorFile } from './descriptor-file.js';
import type { Assignment, Outcome, WorkerStart } from './messages.js';

const { descriptor }: WorkerStart = workerData;
const file = descriptor === undefined ? undefined : descriptorFile(descriptor);

parentPort?.on('message', ({ task }: Assignment) => {
  parentPort?.postMessage(outcomeOf(() => runFisherTask(task, file)));
});

function outcomeOf(act: () => boolean): Outcome {
  try {
    return { regular: act() };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
