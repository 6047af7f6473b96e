import * as tf from '@tensorflow/tfjs-core';
import type { AdapterDescription, BackendOptions } from '../types.js';
import { type Candidate, type Outcome, passOver } from './candidate.js';
import { type Imported, importPeer, oneLine } from './peer.js';
import { isInitialized, isRegistered, setBackend } from './set-backend.js';
import { describeAdapter, findGpu, requestDevice } from './webgpu-adapter.js';
import type { Adapter, Gpu, WebgpuBackendPackage } from './webgpu-types.js';

/**
 * What belongs to a backend that was made here. The GPU object is never read again but has to live as long as the
 * backend: Dawn crashes when it is collected first.
 */
const createdBackends = new WeakMap<
  object,
  { readonly gpu: Gpu; readonly adapter: Adapter; readonly description: AdapterDescription }
>();

/** The GPU through WebGPU: the browser's own, or Dawn's in Node. */
export const webgpu: Candidate = {
  name: 'webgpu',
  remedy:
    'It needs a GPU with a current driver (on Linux one for Vulkan) and, in Node, the packages: ' +
    'npm install @tensorflow/tfjs-backend-webgpu webgpu',
  activate,
};

/** The adapter behind a WebGPU backend that was made here. */
export function adapterOf(backend: object): AdapterDescription | undefined {
  return createdBackends.get(backend)?.description;
}

async function activate(options: BackendOptions, automatic: boolean): Promise<Outcome> {
  const accepts = (adapter: AdapterDescription | undefined): boolean =>
    !automatic || options.softwareAdapter === true || adapter?.software !== true;
  if (isInitialized('webgpu')) {
    const adapter = adapterOf(tf.engine().registry.webgpu as object);
    return accepts(adapter) ? setBackend('webgpu') : passOver(softwareOnly(adapter));
  }
  const found = await findGpu(options);
  if (!found.ok) return passOver(found.reason);
  try {
    const adapter = await found.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) return passOver('no adapter: no GPU with a driver that Dawn or the browser accepts');
    const description = describeAdapter(adapter);
    if (!accepts(description)) return passOver(softwareOnly(description));
    return await withNavigatorGpu(found.gpu, async () => {
      const imported = await importWebgpuBackend();
      if (!imported.ok) return passOver(imported.reason);
      const backend = new imported.module.WebGPUBackend(await requestDevice(adapter), adapter.info);
      createdBackends.set(backend, { gpu: found.gpu, adapter, description });
      if (isRegistered('webgpu')) tf.removeBackend('webgpu');
      tf.registerBackend('webgpu', () => backend, 3);
      return await setBackend('webgpu');
    });
  } catch (error) {
    return passOver(oneLine(error));
  }
}

/** The cast hides the name from the type checker, as the package is optional, and leaves it readable for bundlers. */
function importWebgpuBackend(): Promise<Imported<WebgpuBackendPackage>> {
  const name = '@tensorflow/tfjs-backend-webgpu';
  return importPeer(name, () => import('@tensorflow/tfjs-backend-webgpu' as string) as Promise<WebgpuBackendPackage>);
}

function softwareOnly(adapter: AdapterDescription | undefined): string {
  const name = adapter?.description || adapter?.device || 'unnamed';
  return `the only adapter is a program on the processor (${name}), slower than wasm; ask for "webgpu" by name to use it`;
}

/**
 * The TensorFlow.js backend looks for `navigator.gpu` when it is imported and when it is made, and not later. In Node
 * it is there for just that long: Dawn would keep the process alive as long as a global refers to it.
 */
async function withNavigatorGpu<Result>(gpu: Gpu, use: () => Promise<Result>): Promise<Result> {
  const host = globalThis as { navigator?: { gpu?: Gpu } };
  if (host.navigator?.gpu !== undefined) return use();
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true, writable: true });
  try {
    return await use();
  } finally {
    if (before === undefined) delete host.navigator;
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}
