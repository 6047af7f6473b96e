/*
 * What a worker thread runs. It imports the arithmetic alone, so that it starts in milliseconds.
 */
import { readSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type FisherFile, runFisherTask } from '../fisher/task.js';
import type { Assignment, Outcome, WorkerStart } from './messages.js';

const { descriptor }: WorkerStart = workerData;
const file = descriptor === undefined ? undefined : fileOf(descriptor);

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

/** The system may move fewer bytes than it was asked to, so both repeat until all are through. */
function fileOf(descriptor: number): FisherFile {
  return {
    read: (into, at) => {
      const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
      for (let done = 0; done < bytes.length; ) {
        const moved = readSync(descriptor, bytes, done, bytes.length - done, at + done);
        if (moved === 0) throw new Error('the file ends too early');
        done += moved;
      }
    },
    write: (from, at) => {
      const bytes = new Uint8Array(from.buffer, from.byteOffset, from.byteLength);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
      }
    },
  };
}
