/** The parts of Node's modules that are used, so that browsers need neither them nor their types. */
export interface NodeWorker {
  on(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): void;
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
  unref(): void;
}

interface NodeModules {
  readonly 'node:worker_threads': { Worker: new (source: string, options: object) => NodeWorker };
  readonly 'node:os': { availableParallelism(): number };
}

interface Globals {
  readonly process?: { getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined };
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly setImmediate?: (callback: () => void) => unknown;
}

const host = globalThis as Globals;

/**
 * A module of Node, where there is one. Unlike an import it leaves nothing that a bundler for browsers would trip over.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  return host.process?.getBuiltinModule?.(name);
}

/** True where memory can be shared with workers: in Node, and on pages that are cross-origin isolated. */
export function canShareMemory(globals: Globals = host): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  return (
    globals.process?.getBuiltinModule?.('node:worker_threads') !== undefined || globals.crossOriginIsolated === true
  );
}

/** Threads that a plan takes unless told: all cores, or 1 where memory cannot be shared. */
export function defaultThreads(globals: Globals = host): number {
  if (!canShareMemory(globals)) return 1;
  const cores = globals.process?.getBuiltinModule?.('node:os')?.availableParallelism();
  return Math.max(1, cores ?? globals.navigator?.hardwareConcurrency ?? 1);
}

/** Lets the messages and events that have arrived be handled. */
export function eventLoopTurn(): Promise<void> {
  return new Promise(resolve => {
    if (host.setImmediate !== undefined) host.setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
