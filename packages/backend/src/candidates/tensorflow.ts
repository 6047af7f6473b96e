import * as tf from '@tensorflow/tfjs-core';
import { registerNativeTrainingKernels } from '../native/index.js';
import { hasNodeModules } from '../runtime.js';
import { type Candidate, type Outcome, passOver } from './candidate.js';
import { importNodePeer } from './peer.js';
import { isInitialized, setBackend } from './set-backend.js';
import { restoreNodeUtilities } from './util-shim.js';

/** What we read of tfjs-node's backend object; its own types would make the package a hard dependency. */
export interface TensorflowBackend {
  readonly binding: { readonly TF_Version?: string };
  readonly isGPUPackage: boolean;
  readonly isUsingGpuDevice: boolean;
}

type PackageName = 'tfjs-node' | 'tfjs-node-gpu';

/** Native TensorFlow through tfjs-node or tfjs-node-gpu. Both register the same backend, so a process can hold one. */
export function tensorflow(name: PackageName): Candidate {
  return {
    name,
    remedy:
      `Install it with npm install --ignore-scripts @tensorflow/${name} and build its addon against a pip TensorFlow ` +
      'with npx @espalier/backend install-native, or use "wasm", which needs neither.',
    activate: () => activate(name),
  };
}

async function activate(name: PackageName): Promise<Outcome> {
  if (!hasNodeModules()) return passOver('it runs in Node only');
  if (!isInitialized('tensorflow')) {
    restoreNodeUtilities();
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '1'; // Without it TensorFlow greets with five lines on standard error.
    const imported = await importNodePeer(`@tensorflow/${name}`);
    if (!imported.ok) return passOver(explain(imported.reason, name));
  }
  const loaded = loadedPackage();
  if (loaded !== undefined && loaded !== name)
    return passOver(`${loaded} is loaded already, and a process can hold only one of the two`);
  return setBackend('tensorflow', registerNativeTrainingKernels);
}

/** Which of the two packages provides the backend of this process, if either. */
export function loadedPackage(): PackageName | undefined {
  if (!isInitialized('tensorflow')) return undefined;
  const backend = tf.engine().registry.tensorflow as unknown as TensorflowBackend;
  return backend.isGPUPackage ? 'tfjs-node-gpu' : 'tfjs-node';
}

function explain(reason: string, name: PackageName): string {
  return /native addon module .* can not be found/.test(reason)
    ? `${name} is installed but its native addon was never built`
    : reason;
}
