import { describeRuntime, hasNodeModules } from '../runtime.js';
import type { AdapterDescription, BackendOptions } from '../types.js';
import { importNodePeer, oneLine } from './peer.js';
import type { Adapter, DawnPackage, Gpu } from './webgpu-types.js';

/** A GPU object, or why there is none in one line. */
export type FoundGpu = { readonly ok: true; readonly gpu: Gpu } | { readonly ok: false; readonly reason: string };

/**
 * The browser's `navigator.gpu`, or Dawn's in Node; there its constructors (`GPUBufferUsage` and such) become global.
 */
export async function findGpu(options: BackendOptions): Promise<FoundGpu> {
  const own = (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
  if (own !== undefined) return { ok: true, gpu: own };
  if (!hasNodeModules())
    return {
      ok: false,
      reason: 'this browser has no navigator.gpu (WebGPU off, or the page is not served over https)',
    };
  const imported = await importNodePeer<DawnPackage>('webgpu');
  if (!imported.ok) return imported;
  try {
    Object.assign(globalThis, imported.module.globals);
    return { ok: true, gpu: imported.module.create([...(options.dawnFlags ?? defaultFlags())]) };
  } catch (error) {
    return { ok: false, reason: `Dawn did not start: ${oneLine(error)}` };
  }
}

/** On Linux Dawn may settle on OpenGL, which hides working Vulkan devices. */
function defaultFlags(): readonly string[] {
  return describeRuntime().platform.startsWith('linux') ? ['backend=vulkan'] : [];
}

/** The adapter in its driver's words. */
export function describeAdapter({ info = {}, isFallbackAdapter = false }: Adapter): AdapterDescription {
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  const software =
    isFallbackAdapter ||
    info.isFallbackAdapter === true ||
    /llvmpipe|lavapipe|swiftshader|warp/i.test(`${device} ${description}`);
  return { vendor, architecture, device, description, software };
}

/** A device with everything the TensorFlow.js backend makes use of, as far as the adapter has it. */
export function requestDevice(adapter: Adapter): Promise<object> {
  const limits = [
    'maxComputeWorkgroupStorageSize',
    'maxComputeWorkgroupsPerDimension',
    'maxStorageBufferBindingSize',
    'maxBufferSize',
    'maxComputeWorkgroupSizeX',
    'maxComputeInvocationsPerWorkgroup',
  ];
  return adapter.requestDevice({
    requiredFeatures: ['timestamp-query', 'bgra8unorm-storage'].filter(feature => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(limits.map(limit => [limit, adapter.limits[limit]])),
  });
}
