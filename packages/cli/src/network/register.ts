import { serialization } from '@tensorflow/tfjs-core';
import { loadModule, moduleArguments, reasonOf } from './load-module.js';
import { NetworkModuleError } from './network-errors.js';

/**
 * Lets modules register classes of their own (layers, activations, initializers), so that networks that have them can
 * be read. A module exports `register({ tf, layers })`, or registers while it is loaded with the
 * `@tensorflow/tfjs-core` that this command runs on.
 *
 * @throws {@link NetworkModuleError} if a module cannot be loaded, throws, or registers nothing here.
 */
export async function registerClasses(modules: readonly string[]): Promise<void> {
  for (const path of modules) {
    const before = registered().length;
    const { register, default: main } = await loadModule(path);
    const own = register ?? main;
    if (typeof own === 'function') {
      try {
        await (own as (given: typeof moduleArguments) => unknown)(moduleArguments);
      } catch (cause) {
        throw new NetworkModuleError(path, `Its register function threw: ${reasonOf(cause)}`, { cause });
      }
    }
    if (registered().length > before) done.add(path);
    if (done.has(path)) continue; // a module that was named before adds nothing
    throw new NetworkModuleError(
      path,
      'It registered no class with the TensorFlow.js of this command; most likely it imports another copy. Export a function ' +
        'that takes it: export function register({ tf, layers }) { tf.serialization.registerClass(MyLayer); }',
    );
  }
}

const registered = (): readonly string[] => Object.keys(serialization.SerializationMap.getMap().classNameMap);

const done = new Set<string>();
