/** A backend by the name that people install it under, fastest first where a machine has all of them. */
export type BackendName = 'tfjs-node-gpu' | 'tfjs-node' | 'webgpu' | 'wasm' | 'cpu';

/** Settings of {@link useBackend}. Every one is optional. */
export interface BackendOptions {
  /**
   * Where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` are, as a directory URL or path ending in `/`.
   *
   * @defaultValue In Node the installed package; in a browser the place that the script was loaded from.
   */
  readonly wasmPath?: string | undefined;
  /**
   * Flags for Dawn, which carries WebGPU in Node; for example `['backend=vulkan', 'adapter=NVIDIA']`.
   *
   * @defaultValue `['backend=vulkan']` on Linux, none elsewhere.
   */
  readonly dawnFlags?: readonly string[] | undefined;
  /**
   * Whether `'auto'` may settle on a WebGPU adapter that is a program on the processor (Mesa's llvmpipe, SwiftShader).
   * Those are slower than WASM. Naming `'webgpu'` accepts them always.
   *
   * @defaultValue `false`
   */
  readonly softwareAdapter?: boolean | undefined;
}

/** One backend that was not chosen. */
export interface PassedOver {
  /** The backend. */
  readonly name: BackendName;
  /** Why it was passed over, one line. */
  readonly reason: string;
}

/** The WebGPU adapter, in its driver's words; empty strings where the driver is silent. */
export interface AdapterDescription {
  /** Maker, for example `nvidia`. */
  readonly vendor: string;
  /** Family, for example `ampere`. */
  readonly architecture: string;
  /** Device name or id. */
  readonly device: string;
  /** Driver's own description. */
  readonly description: string;
  /** Whether the adapter is a program on the processor rather than a GPU. */
  readonly software: boolean;
}

/** Where the program runs. */
export interface RuntimeDescription {
  /** What executes the JavaScript. */
  readonly kind: 'node' | 'deno' | 'bun' | 'browser';
  /** Version of Node, Deno or Bun; the user agent of a browser. */
  readonly version: string;
  /** Operating system and processor, for example `linux x64`; empty in a browser. */
  readonly platform: string;
}

/** The backend in use, for logs and reports. Plain data, safe to write as JSON. */
export interface BackendDescription {
  /** The backend; TensorFlow.js' own name where it is none that {@link useBackend} knows. */
  readonly name: BackendName | (string & {});
  /** Name in TensorFlow.js' registry, what `tf.getBackend()` says. */
  readonly registeredAs: string;
  /** Version of `@tensorflow/tfjs-core`. */
  readonly tfjsVersion: string;
  /** Version of the native TensorFlow library, on tfjs-node and tfjs-node-gpu. */
  readonly tensorflowVersion?: string;
  /** Whether tfjs-node-gpu sees a GPU, on tfjs-node and tfjs-node-gpu. */
  readonly usesGpu?: boolean;
  /** Whether 128-bit SIMD instructions are used, on WASM. */
  readonly simd?: boolean;
  /**
   * Whether the training kernels multiply and add in one instruction with one rounding (relaxed SIMD), on WASM once
   * they are registered. Results with and without differ by rounding.
   */
  readonly relaxedSimd?: boolean;
  /** Threads in use, on WASM. */
  readonly threads?: number;
  /** The GPU, on WebGPU. */
  readonly adapter?: AdapterDescription;
  /** Where the program runs. */
  readonly runtime: RuntimeDescription;
  /** Kernels that {@link useBackend} added to this backend for training, or replaced on it, by name, sorted. */
  readonly trainingKernels: readonly string[];
  /** The backends tried before this one by the last {@link useBackend}, in order, with the reason for each. */
  readonly passedOver: readonly PassedOver[];
}
