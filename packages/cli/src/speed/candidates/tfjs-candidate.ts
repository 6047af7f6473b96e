import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Checkpoint } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TfjsUnavailableError } from '../../errors.js';
import type { Candidate } from './candidate.js';
import { exampleInputs, joined } from './example-input.js';

/**
 * The network as TensorFlow.js runs it on its own WebAssembly backend. The backend that was set comes back with
 * `dispose`.
 */
export async function tfjsCandidate(checkpoint: Checkpoint, batch: number): Promise<Candidate> {
  const previous = tf.engine().backendName;
  const version = await setWasmBackend();
  const restore = async (): Promise<void> => {
    if (previous) await tf.setBackend(previous);
  };
  const model = await toModel(checkpoint).catch(async (error: unknown) => {
    await restore();
    throw error;
  });
  const shapes = model.inputs.map(({ shape }, i) => ({ name: String(i), shape: shape.slice(1) as number[] }));
  const values = exampleInputs(shapes, batch);
  const inputs = shapes.map(({ name, shape }) => tf.tensor(values[name] as Float32Array, [batch, ...shape]));
  return {
    name: 'tfjs-wasm',
    what: `tfjs-backend-wasm ${version}, its own kernels, the network as a LayersModel; it has one thread in Node`,
    threads: 1,
    flopDensity: 1,
    run: () => predict(model, inputs),
    dispose: async () => {
      tf.dispose(inputs);
      model.dispose();
      await restore();
    },
  };
}

/** Gives its version. Imported only now, because a backend that is there makes itself TensorFlow.js' first choice. */
async function setWasmBackend(): Promise<string> {
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  // Keeps TensorFlow.js from advertising another backend on standard error.
  tf.enableProdMode();
  if (tf.engine().backendName === 'wasm') return version_wasm;
  if (!('wasm' in tf.engine().registry)) {
    const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
    setWasmPaths(join(dirname(manifest), 'dist') + sep);
  }
  if (!(await tf.setBackend('wasm').catch(() => false))) throw new TfjsUnavailableError();
  return version_wasm;
}

async function predict(model: LayersModel, inputs: tf.Tensor[]): Promise<Float32Array> {
  const outputs = [model.predictOnBatch(inputs)].flat();
  try {
    return joined(await Promise.all(outputs.map(output => output.data() as Promise<Float32Array>)));
  } finally {
    tf.dispose(outputs);
  }
}
