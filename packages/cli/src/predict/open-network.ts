import { type Checkpoint, CheckpointMismatchError } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { compile } from '@espalier/runtime';
import { modelOutput } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { type Scoring, scoringOf } from './probabilities.js';

/** A network that is ready to look at images. */
export interface OpenNetwork {
  readonly scoring: Scoring;
  /** Outputs for one image after the other. */
  run(images: Float32Array<ArrayBuffer>, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens a classifier for images of one shape, in TensorFlow.js or as a sparse plan. */
export async function openNetwork(
  checkpoint: Checkpoint,
  shape: readonly number[],
  runtime: 'tfjs' | 'sparse',
): Promise<OpenNetwork> {
  const model = await toModel(checkpoint);
  const dispose = async (): Promise<void> => void model.dispose();
  try {
    const output = model.outputs[0]?.shape ?? [];
    const units = output.at(-1);
    if (model.outputs.length !== 1 || model.inputs.length !== 1 || output.length !== 2 || units == null) {
      throw new CheckpointMismatchError(
        'Its network does not tell classes of one image apart, so there is nothing to predict.',
      );
    }
    const scoring = scoringOf(modelOutput(model), units);
    if (runtime === 'tfjs')
      return { scoring, run: (images, count) => predict(model, images, [count, ...shape]), dispose };
    const plan = await compile(checkpoint, { tune: false });
    await dispose();
    return { scoring, run: (images, count) => plan.run(images, { batch: count }), dispose: () => plan.dispose() };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function predict(
  model: Awaited<ReturnType<typeof toModel>>,
  images: Float32Array,
  shape: number[],
): Promise<Float32Array> {
  const outputs = tf.tidy(() => model.predictOnBatch(tf.tensor(images, shape)) as tf.Tensor);
  try {
    return (await outputs.data()) as Float32Array;
  } finally {
    outputs.dispose();
  }
}
