import type { KernelBackend } from '@tensorflow/tfjs-core';

/** The few members of WebGPU that are used here, so that neither its types nor its packages become dependencies. */
export interface Gpu {
  requestAdapter(options: { readonly powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

/** A GPU, or a program that behaves like one. */
export interface Adapter {
  readonly info?: AdapterInfo;
  readonly isFallbackAdapter?: boolean;
  readonly features: { has(name: string): boolean };
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: {
    readonly requiredFeatures: readonly string[];
    readonly requiredLimits: object;
  }): Promise<object>;
}

/** What a driver says about an adapter. */
export interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

/** The npm package `webgpu`, Dawn's binding for Node. */
export interface DawnPackage {
  create(flags: string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** The package `@tensorflow/tfjs-backend-webgpu`. */
export interface WebgpuBackendPackage {
  readonly WebGPUBackend: new (device: object, info?: AdapterInfo) => KernelBackend;
}
