import * as tf from '@tensorflow/tfjs-core';
import { unwrap } from './candidates/peer.js';
import { loadedPackage, type TensorflowBackend } from './candidates/tensorflow.js';
import { adapterOf } from './candidates/webgpu.js';
import { describeRuntime } from './runtime.js';
import { registeredTrainingKernels } from './training-kernels.js';
import type { BackendDescription, PassedOver } from './types.js';
import { kernelsFuse } from './wasm/module/kernel-module.js';

let passedOver: readonly PassedOver[] = [];

/** Keeps for reports what the last `useBackend` passed over. */
export function rememberPassedOver(latest: readonly PassedOver[]): void {
  passedOver = latest;
}

/**
 * The backend in use: its name and versions, what it runs on, and which training kernels this package added to it.
 *
 * Works also when the backend was set by `tf.setBackend` rather than {@link useBackend}; then `passedOver` is what the
 * last {@link useBackend} noted, or empty. If TensorFlow.js has not chosen a backend yet, this makes it choose.
 *
 * @returns A promise of plain data that can be written as JSON into logs and reports.
 *
 * @example Note in a report what the numbers were measured on.
 * ```ts
 * import { describeBackend, useBackend } from '@espalier/backend';
 *
 * await useBackend('wasm');
 * console.log(JSON.stringify(await describeBackend(), null, 2));
 * ```
 */
export async function describeBackend(): Promise<BackendDescription> {
  await tf.ready();
  const registeredAs = tf.getBackend();
  return {
    name: registeredAs === 'tensorflow' ? (loadedPackage() ?? registeredAs) : registeredAs,
    registeredAs,
    tfjsVersion: tf.version_core,
    ...(await particulars(registeredAs)),
    runtime: describeRuntime(),
    trainingKernels: registeredTrainingKernels(registeredAs),
    passedOver,
  };
}

type Particulars = Pick<
  BackendDescription,
  'tensorflowVersion' | 'usesGpu' | 'simd' | 'relaxedSimd' | 'threads' | 'adapter'
>;

/** What only one kind of backend has to say. */
async function particulars(registeredAs: string): Promise<Particulars> {
  const backend: unknown = tf.engine().registry[registeredAs];
  switch (registeredAs) {
    case 'tensorflow': {
      const { binding, isUsingGpuDevice } = backend as TensorflowBackend;
      const version = binding.TF_Version;
      return { usesGpu: isUsingGpuDevice, ...(version === undefined ? {} : { tensorflowVersion: version }) };
    }
    case 'wasm': {
      const { getThreadsCount } = unwrap(await import('@tensorflow/tfjs-backend-wasm'));
      const simd = Boolean(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'));
      return { simd, relaxedSimd: kernelsFuse(), threads: threadCount(getThreadsCount) };
    }
    case 'webgpu': {
      const adapter = adapterOf(backend as object);
      return adapter === undefined ? {} : { adapter };
    }
    default:
      return {};
  }
}

/** Without threads TensorFlow.js reports -1 or 1, depending on the binary. */
function threadCount(count: () => number): number {
  return Math.max(1, count());
}
