import * as tf from '@tensorflow/tfjs-core';
import { noteRegistrations } from '../training-kernels.js';
import { type Outcome, passOver } from './candidate.js';
import { oneLine } from './peer.js';

/**
 * Makes a registered backend the current one, waits until it is ready and lets `prepare` register kernels on it. If
 * anything fails, the backend that was in use before is in use again.
 */
export async function setBackend(registeredAs: string, prepare: () => unknown = () => undefined): Promise<Outcome> {
  if (!isRegistered(registeredAs)) {
    return passOver(
      `the package loaded but registered no backend "${registeredAs}"; is @tensorflow/tfjs-core installed twice?`,
    );
  }
  const before = tf.engine().backendName;
  try {
    if (!(await tf.setBackend(registeredAs))) return passOver(`TensorFlow.js could not initialize "${registeredAs}"`);
    await tf.ready();
    await noteRegistrations(registeredAs, prepare);
    return { ok: true };
  } catch (error) {
    if (before !== undefined && before !== registeredAs) await tf.setBackend(before);
    return passOver(oneLine(error));
  }
}

/** Whether TensorFlow.js knows how to make this backend, whether or not it exists yet. */
export function isRegistered(registeredAs: string): boolean {
  return registeredAs in tf.engine().registryFactory;
}

/** Whether the backend exists already; unlike `tf.findBackend` this creates nothing. */
export function isInitialized(registeredAs: string): boolean {
  return registeredAs in tf.engine().registry;
}
