import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A layer in Keras's spelling. */
export type Layer = { class_name: string; config: Record<string, unknown>; [other: string]: unknown };
/** Weights by name: shape and values. */
export type Weights = Readonly<Record<string, readonly [shape: readonly number[], values: readonly number[]]>>;

/** A layer with a name, which is its class in small letters unless it is given. */
export const layer = (className: string, config: Record<string, unknown> = {}): Layer => ({
  class_name: className,
  config: { name: className.toLowerCase(), ...config },
});

/** A Sequential topology; its input has this shape without the batch. */
export const sequential = (input: readonly (number | null)[], ...layers: Layer[]): Layer => ({
  class_name: 'Sequential',
  config: {
    name: 'net',
    layers: layers.map((entry, i) =>
      i === 0 ? { ...entry, config: { batch_input_shape: [null, ...input], ...entry.config } } : entry,
    ),
  },
});

/** Writes `model.json` and its weights into a new folder. */
export async function modelFile(model: Layer, weights: Weights, version = '2.15.0'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'espalier-outside-'));
  const entries = Object.entries(weights);
  const json = {
    format: 'layers-model',
    modelTopology: { keras_version: version, backend: 'tensorflow', model_config: model },
    weightsManifest: [
      { paths: ['w.bin'], weights: entries.map(([name, [shape]]) => ({ name, shape, dtype: 'float32' })) },
    ],
  };
  await writeFile(join(folder, 'w.bin'), Buffer.from(Float32Array.from(entries.flatMap(([, [, v]]) => [...v])).buffer));
  await writeFile(join(folder, 'model.json'), JSON.stringify(json));
  return join(folder, 'model.json');
}

/** The same as a checkpoint holds it. */
export const checkpointOf = (model: Layer, weights: Weights, version = '2.15.0'): never =>
  ({
    model: { ...model, keras_version: version },
    weights: new Map(
      Object.entries(weights).map(([name, [shape, values]]) => [
        name,
        { shape, values: Float32Array.from(values), trainable: true },
      ]),
    ),
  }) as never;

/** What a model gives for one example. */
export function outputOf(model: LayersModel, input: readonly number[]): number[] {
  const shape = (model.inputs[0]?.shape ?? []).slice(1).map(side => side ?? 1);
  return tf.tidy(() => {
    const output = model.predict(tf.tensor([...input], [1, ...shape])) as tf.Tensor;
    return [...output.dataSync()];
  });
}

/** The error of something that must fail, its time in milliseconds, and how many tensors it left. */
export async function failure(
  run: () => Promise<unknown>,
): Promise<{ error: Error & { code?: string }; ms: number; tensors: number }> {
  const { numTensors } = tf.memory();
  const start = performance.now();
  const error = await run().then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason as Error,
  );
  return { error, ms: performance.now() - start, tensors: tf.memory().numTensors - numTensors };
}
