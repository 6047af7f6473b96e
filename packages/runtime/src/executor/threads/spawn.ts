import { nodeModule } from './host.js';

/** A worker of Node or of a browser. */
export interface Thread {
  /** Sends its one message. */
  start(order: unknown): void;
  /** Lets the process end although the worker lives. */
  unref(): void;
  /** Ends it, whatever it is doing. */
  terminate(): Promise<void>;
}

/** What a thread's owner wants to hear. */
export interface ThreadListener {
  /** It said something. */
  said(message: unknown): void;
  /** It has ended, or never began. */
  ended(reason: string): void;
}

/** Starts a worker with this program: a classic script, in Node one with `require`. */
export type Spawn = (source: string, listener: ThreadListener) => Thread;

/** Starts a worker from a string: in Node by evaluation, in browsers from a blob. Neither needs a file of its own. */
export const spawn: Spawn = (source, listener) => {
  const node = nodeModule('node:worker_threads');
  return node === undefined ? spawnInBrowser(source, listener) : spawnInNode(node.Worker, source, listener);
};

type NodeModule = NonNullable<ReturnType<typeof nodeModule<'node:worker_threads'>>>;

function spawnInNode(Worker: NodeModule['Worker'], source: string, listener: ThreadListener): Thread {
  const worker = new Worker(source, { eval: true, execArgv: [], name: 'espalier' });
  worker.on('message', message => listener.said(message));
  worker.on('error', error => listener.ended(String(error)));
  worker.on('exit', code => listener.ended(`it ended with exit code ${code}`));
  return {
    start: order => worker.postMessage(order),
    unref: () => worker.unref(),
    terminate: async () => {
      await worker.terminate();
    },
  };
}

function spawnInBrowser(source: string, listener: ThreadListener): Thread {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = startInBrowser(url);
  worker.onmessage = ({ data }) => listener.said(data);
  worker.onmessageerror = () => listener.ended('a message to it could not be read');
  worker.onerror = ({ message }) => listener.ended(message || 'its script was not allowed to load');
  return {
    start: order => worker.postMessage(order),
    unref: () => undefined,
    terminate: async () => {
      URL.revokeObjectURL(url);
      worker.terminate();
    },
  };
}

function startInBrowser(url: string): Worker {
  try {
    return new Worker(url, { name: 'espalier' });
  } catch (error) {
    URL.revokeObjectURL(url);
    throw error;
  }
}
