import { afterEach, describe, expect, it, vi } from 'vitest';
import { webgpu } from './webgpu.js';
import { describeAdapter, requestDevice } from './webgpu-adapter.js';
import type { Adapter, AdapterInfo } from './webgpu-types.js';

const llvmpipe: AdapterInfo = {
  vendor: 'mesa',
  architecture: 'software',
  device: 'llvmpipe',
  description: 'llvmpipe: Mesa 25.0.7',
};

function fakeAdapter(info: AdapterInfo, features: readonly string[] = []): Adapter {
  return {
    info,
    features: new Set(features),
    limits: { maxBufferSize: 1024 },
    requestDevice: vi.fn(async () => ({})),
  };
}

function browserWith(adapter: Adapter | null): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } });
}

describe('webgpu', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('passes over a browser without an adapter', async () => {
    browserWith(null);
    expect(await webgpu.activate({}, false)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no adapter'),
    });
  });

  it('passes over a software adapter when nobody asked for WebGPU by name', async () => {
    const adapter = fakeAdapter(llvmpipe);
    browserWith(adapter);
    expect(await webgpu.activate({}, true)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('llvmpipe: Mesa 25.0.7'),
    });
    expect(adapter.requestDevice).not.toHaveBeenCalled();
  });

  it('says which package is missing when the adapter would do', async () => {
    browserWith(fakeAdapter({ vendor: 'nvidia' }));
    const reason = '@tensorflow/tfjs-backend-webgpu is not installed';
    expect(await webgpu.activate({}, true)).toEqual({ ok: false, reason });
    browserWith(fakeAdapter(llvmpipe));
    expect(await webgpu.activate({}, false)).toEqual({ ok: false, reason });
    expect(await webgpu.activate({ softwareAdapter: true }, true)).toEqual({ ok: false, reason });
  });
});

describe('describeAdapter', () => {
  it('knows software adapters by their flag or name', () => {
    expect(describeAdapter(fakeAdapter(llvmpipe)).software).toBe(true);
    expect(describeAdapter(fakeAdapter({ isFallbackAdapter: true })).software).toBe(true);
    expect(describeAdapter(fakeAdapter({ vendor: 'nvidia', description: 'NVIDIA H100: 570.86' })).software).toBe(false);
  });

  it('leaves empty what the driver does not say', () => {
    const nothing = { vendor: '', architecture: '', device: '', description: '', software: false };
    expect(describeAdapter(fakeAdapter({}))).toEqual(nothing);
  });
});

describe('requestDevice', () => {
  it('asks only for features that the adapter has, as a flat list', async () => {
    const adapter = fakeAdapter({}, ['bgra8unorm-storage', 'shader-f16']);
    await requestDevice(adapter);
    expect(adapter.requestDevice).toHaveBeenCalledWith(
      expect.objectContaining({
        requiredFeatures: ['bgra8unorm-storage'],
        requiredLimits: expect.objectContaining({ maxBufferSize: 1024 }),
      }),
    );
  });
});
