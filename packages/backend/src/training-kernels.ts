import { getKernelsForBackend, type KernelFunc } from '@tensorflow/tfjs-core';
import { unguarded } from './wasm/guard-kernels.js';
import { isRefusal } from './wasm/kernels/refusals.js';

const registered = new Map<string, readonly string[]>();

/**
 * Runs a function that registers kernels on a backend, and notes which ones it added or replaced. Returns once they are
 * in place; for a backend that has been through this before, nothing happens.
 */
export async function noteRegistrations(registeredAs: string, register: () => unknown): Promise<void> {
  if (registered.has(registeredAs)) return;
  const before = kernelsOf(registeredAs);
  await register();
  const added = [...kernelsOf(registeredAs)]
    .filter(([name, run]) => before.get(name) !== run && !isRefusal(name))
    .map(([name]) => name);
  registered.set(registeredAs, added.sort());
}

/** Names of the kernels that this package added to a backend or replaced on it, sorted. */
export function registeredTrainingKernels(registeredAs: string): readonly string[] {
  return registered.get(registeredAs) ?? [];
}

function kernelsOf(registeredAs: string): ReadonlyMap<string, KernelFunc> {
  return new Map(
    getKernelsForBackend(registeredAs).map(({ kernelName, kernelFunc }) => [kernelName, unguarded(kernelFunc)]),
  );
}
