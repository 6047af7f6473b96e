import { checkOptions, rules } from '@espalier/core';
import { candidates } from './candidates/index.js';
import { registerChainedOperations } from './chained-operations.js';
import { describeBackend, rememberPassedOver } from './describe-backend.js';
import { BackendUnavailableError, NoBackendError, UnknownBackendError } from './errors.js';
import type { BackendDescription, BackendName, BackendOptions, PassedOver } from './types.js';

let queue: Promise<unknown> = Promise.resolve();

/**
 * Picks a TensorFlow.js backend, makes it the current one, prepares it for training and describes it.
 *
 * `'auto'` tries native TensorFlow (`tfjs-node-gpu`, `tfjs-node`), WebGPU on a real GPU, WASM and plain JavaScript, in
 * this order, and settles on the first that works; {@link BackendDescription.passedOver} says in one line each why the
 * ones before it were not used. A name gives that backend or throws. On WASM the kernels that training needs and
 * TensorFlow.js lacks are registered, and batch normalization gets a fused gradient on WASM and native TensorFlow.
 *
 * All backends are optional peers and imported only when tried. Calls that overlap run one after the other. Calling
 * again is cheap and may change the backend; tensors that exist move as TensorFlow.js moves them. A failed call leaves
 * the current backend as it is, except that tfjs-node makes itself the current one when it is imported.
 *
 * On WebGPU in Node `dataSync` and `arraySync` do not work (there is no canvas to block on): use `await tensor.data()`.
 *
 * @param name - A backend, or `'auto'`.
 * @param options - Where to find binaries, and what to accept.
 * @returns The backend now in use, as {@link describeBackend} gives it.
 * @throws {@link BackendUnavailableError} if the backend asked for by name cannot be used, with reason and remedy.
 * @throws {@link NoBackendError} if `'auto'` finds none at all.
 * @throws {@link UnknownBackendError} if the name is none of the known ones.
 * @throws `UnknownOptionError` and `InvalidOptionError` of `@espalier/core` if an option does not exist or is of
 *   another type.
 *
 * @example Train on whatever this machine has, and say what that is.
 * ```ts
 * import { useBackend } from '@espalier/backend';
 *
 * const { name, passedOver } = await useBackend('auto');
 * console.log(`Training on ${name}.`);
 * for (const other of passedOver) console.log(`Not on ${other.name}: ${other.reason}.`);
 * ```
 */
export function useBackend(
  name: BackendName | 'auto' = 'auto',
  options: BackendOptions = {},
): Promise<BackendDescription> {
  const turn = queue.then(() => choose(name, options));
  queue = turn.catch(() => undefined);
  return turn;
}

async function choose(name: BackendName | 'auto', options: BackendOptions): Promise<BackendDescription> {
  const { boolean, list, optional, text } = rules;
  checkOptions<BackendOptions>(options, {
    wasmPath: optional(text),
    dawnFlags: optional(list(text)),
    softwareAdapter: optional(boolean),
  });
  if (name === 'auto') return firstThatWorks(options);
  const candidate = candidates.find(known => known.name === name);
  if (candidate === undefined)
    throw new UnknownBackendError(
      name,
      candidates.map(known => known.name),
    );
  const outcome = await candidate.activate(options, false);
  if (!outcome.ok) throw new BackendUnavailableError(name, outcome.reason, candidate.remedy);
  return settle([]);
}

async function firstThatWorks(options: BackendOptions): Promise<BackendDescription> {
  const passedOver: PassedOver[] = [];
  for (const candidate of candidates) {
    const outcome = await candidate.activate(options, true);
    if (outcome.ok) return settle(passedOver);
    passedOver.push({ name: candidate.name, reason: outcome.reason });
  }
  throw new NoBackendError(passedOver);
}

function settle(passedOver: readonly PassedOver[]): Promise<BackendDescription> {
  rememberPassedOver(passedOver);
  registerChainedOperations();
  return describeBackend();
}
