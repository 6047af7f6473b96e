import { Mutex } from './mutex.js';
import type { ThreadPool } from './thread-pool.js';

/**
 * A resource with threads that one caller uses at a time, in the order in which they asked, until it is disposed of.
 */
export class Exclusive<Resource extends { readonly pool: ThreadPool }> {
  readonly #mutex = new Mutex();
  readonly #disposedError: () => Error;
  #resource: Resource | undefined;
  #ending: Promise<void> | undefined;

  constructor(resource: Resource, disposedError: () => Error) {
    this.#resource = resource;
    this.#disposedError = disposedError;
  }

  /**
   * Calls `act` with the resource when every earlier caller is done. If nobody holds it, `act` runs before `use`
   * returns.
   *
   * @throws The error given to the constructor, after {@link Exclusive.dispose}.
   */
  async use<Result>(act: (resource: Resource) => Promise<Result> | Result): Promise<Result> {
    const turn = this.#mutex.lock();
    if (turn !== undefined) await turn;
    try {
      if (this.#resource === undefined) throw this.#disposedError();
      return await act(this.#resource);
    } finally {
      this.#mutex.unlock();
    }
  }

  /** Lets the present caller finish, refuses all who wait, and ends the threads. Later calls wait for the same end. */
  dispose(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const resource = this.#resource;
    this.#resource = undefined;
    const turn = this.#mutex.lock();
    if (turn !== undefined) await turn;
    this.#mutex.unlock();
    await resource?.pool.dispose();
  }
}
