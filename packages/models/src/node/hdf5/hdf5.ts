import { Worker } from 'node:worker_threads';
import type { ModelFileError } from '../errors.js';
import { invalidKerasFile, libraryMissing, overMemory, overTime } from '../file-problems.js';
import type { Limits } from '../limits.js';
import { libraryAddress } from './h5wasm-address.js';
import { type Hdf5Node, type Hdf5Order, type Hdf5Place, type Hdf5Report, hdf5Program } from './hdf5-program.js';

export type Hdf5Group = Extract<Hdf5Node, { kind: 'group' }>;
export type Hdf5Dataset = Extract<Hdf5Node, { kind: 'dataset' }>;

/**
 * A thread that reads a file, from a string: it needs no file of its own, and so may be bundled. Bundlers that keep
 * names wrap functions in a helper of theirs, whose name is not known here; in the thread every name that is no global
 * is a helper that gives back what it gets.
 */
const program = `const { parentPort, workerData } = require('node:worker_threads');
const helpers = new Proxy({}, {
  has: (_, name) => !(name in globalThis),
  get: (_, name) => (typeof name === 'string' ? given => given : undefined),
});
const program = (() => { with (helpers) return (${hdf5Program.toString()}); })();
program(workerData, {
  say: (report, transfer) => parentPort.postMessage(report, transfer),
  heard: () => new Promise(resolve => parentPort.once('message', resolve)),
  load: address => import(address),
  open: place => {
    if (place.bytes) {
      const copy = (into, offset, length, position) => {
        into.set(place.bytes.subarray(position, position + length), offset);
        return length;
      };
      return { length: place.bytes.length, read: copy };
    }
    const { openSync, readSync } = require('node:fs');
    const file = openSync(place.path, 'r');
    const read = (into, offset, length, position) => readSync(file, into, offset, length, place.start + position);
    return { length: place.length, read };
  },
}).catch(error => parentPort.postMessage({ kind: 'damaged', reason: String(error) }));
`;

/**
 * What `choose` wants of an HDF5 file, and its values: the file is read in a thread, which is ended when it takes too
 * long, and whose memory has a limit. Of a file on disk no more is in memory than the values; bytes go over to the
 * thread.
 */
export async function readHdf5<T extends { readonly dataset: Hdf5Dataset }>(
  file: string,
  place: Hdf5Place,
  limits: Limits,
  choose: (root: Hdf5Group) => readonly T[],
): Promise<(readonly [T, Float32Array | Float64Array])[]> {
  const order: Hdf5Order = { library: libraryAddress(file), place, memoryLimit: limits.memoryLimit };
  const worker = new Worker(program, {
    eval: true,
    execArgv: [],
    workerData: order,
    transferList: 'bytes' in place ? [place.bytes.buffer as ArrayBuffer] : [],
    name: 'espalier-hdf5',
    resourceLimits: { maxOldGenerationSizeMb: 256 + Math.ceil(limits.memoryLimit / 2 ** 20) },
  });
  const reports = new Reports(file, worker, limits.timeLimit);
  try {
    const tree = await reports.next();
    if (tree.kind !== 'tree' || tree.root.kind !== 'group') throw failure(file, tree, limits);
    const chosen = choose(tree.root);
    worker.postMessage(chosen.map(({ dataset }) => dataset.id));
    const read = await reports.next();
    if (read.kind !== 'values') throw failure(file, read, limits);
    return chosen.map((one, i) => [one, read.values[i] as Float32Array]);
  } finally {
    reports.end();
    await worker.terminate();
  }
}

/** What a thread says, one after the other, until it is over time or ends. */
class Reports {
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #said: Hdf5Report[] = [];
  #failure: ModelFileError | undefined;
  #wake: () => void = () => {};

  constructor(file: string, worker: Worker, timeLimit: number) {
    const fail = (error: ModelFileError): void => {
      this.#failure ??= error;
      this.#wake();
    };
    this.#timer = setTimeout(() => fail(overTime(file, timeLimit)), timeLimit);
    worker.on('message', (report: Hdf5Report) => {
      this.#said.push(report);
      this.#wake();
    });
    worker.on('error', error => {
      const code = (error as { readonly code?: unknown }).code;
      const full = code === 'ERR_WORKER_OUT_OF_MEMORY';
      fail(full ? overMemory(file, 'its lists of names need more') : invalidKerasFile(file, damaged, error));
    });
    worker.on('exit', () => fail(invalidKerasFile(file, damaged)));
  }

  async next(): Promise<Hdf5Report> {
    for (;;) {
      const report = this.#said.shift();
      if (report) return report;
      if (this.#failure) throw this.#failure;
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

const damaged = 'It is not an HDF5 file, or it is damaged.';

function failure(file: string, report: Hdf5Report, { memoryLimit }: Limits): ModelFileError {
  if (report.kind === 'memory') return overMemory(file, `reading it needs more than ${memoryLimit} bytes`);
  if (report.kind !== 'missing')
    return invalidKerasFile(file, damaged, 'reason' in report ? new Error(report.reason) : undefined);
  return libraryMissing(file, new Error(report.reason));
}
