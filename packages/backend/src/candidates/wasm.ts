import * as tf from '@tensorflow/tfjs-core';
import { hasNodeModules } from '../runtime.js';
import type { BackendOptions } from '../types.js';
import { registerWasmTrainingKernels } from '../wasm/index.js';
import { type Candidate, type Outcome, passOver } from './candidate.js';
import { importPeer } from './peer.js';
import { isInitialized, setBackend } from './set-backend.js';

/** WebAssembly with SIMD, plus the kernels that training needs and TensorFlow.js lacks there. */
export const wasm: Candidate = {
  name: 'wasm',
  remedy: 'Install it: npm install @tensorflow/tfjs-backend-wasm',
  activate,
};

async function activate({ wasmPath }: BackendOptions): Promise<Outcome> {
  const imported = await importPeer('@tensorflow/tfjs-backend-wasm', () => import('@tensorflow/tfjs-backend-wasm'));
  if (!imported.ok) return passOver(imported.reason);
  if (!isInitialized('wasm')) {
    // The threaded build, which browsers load on cross-origin isolated pages, hides the memory that our kernels work
    // on.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    const directory = wasmPath ?? installedBinaries();
    if (directory !== undefined) imported.module.setWasmPaths(directory);
  }
  return setBackend('wasm', registerWasmTrainingKernels);
}

/** Directory of the `.wasm` files of the installed package in Node, undefined where nothing can be looked up. */
function installedBinaries(): string | undefined {
  if (!hasNodeModules()) return undefined;
  const { createRequire } = process.getBuiltinModule('node:module');
  const { dirname, join, sep } = process.getBuiltinModule('node:path');
  try {
    const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
    return join(dirname(manifest), 'dist') + sep;
  } catch {
    return undefined;
  }
}
