import { env, InferenceSession, Tensor } from 'onnxruntime-web';

env.wasm.numThreads = 1;
env.logLevel = 'error';

/** Numbers and their shape, batch included. */
export interface Array32 {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** What ONNX Runtime (on WebAssembly) computes, by name of the output. */
export async function runOnnx(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, Array32>>,
): Promise<Record<string, Array32>> {
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { values, shape }]) => [name, new Tensor('float32', values, shape)]),
    );
    const results = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => [name, { values: data as Float32Array, shape: dims }]),
    );
  } finally {
    await session.release();
  }
}
