import {
  type Checkpoint,
  CheckpointMismatchError,
  checkpointSparsity,
  decodeCheckpoint,
  encodeCheckpoint,
  stripCheckpoint,
} from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession, toModel } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { acdc, denseTwin } from '../src/index.js';

// D0-2 S3-4 D5-6 S7-8.
const phases = { total: 9, warmup: 3, sparse: 2, dense: 2 };

interface Run {
  readonly checkpoints: readonly Checkpoint[];
  /** Outputs on the batch after the last dense step's update and before its decision. */
  readonly denseOutputs: readonly number[];
}

let run: Run;
let images: tf.Tensor2D;

async function outputsOf(model: LayersModel): Promise<number[]> {
  const outputs = model.predict(images) as tf.Tensor;
  const values = [...(await outputs.data())];
  outputs.dispose();
  return values;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  images = tf.randomNormal([8, 6], 0, 1, 'float32', 1);
  const kernelInitializer = initializers.heNormal({ seed: 3 });
  const model = sequential({
    layers: [
      layers.dense({ name: 'hidden', units: 8, inputShape: [6], kernelInitializer }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dense({ name: 'head', units: 2, kernelInitializer }),
    ],
  });
  const optimizer = tf.train.momentum(0.05, 0.9);
  const session = await PruningSession.start(acdc({ sparsity: 0.75, phases }), {
    weights: modelWeights(model),
    optimizer,
  });
  const checkpoints: Checkpoint[] = [];
  let denseOutputs: number[] = [];
  while (session.clock.position < phases.total) {
    session.optimizer.minimize(
      () => tf.mean(tf.square(model.apply(images, { training: true }) as tf.Tensor)) as tf.Scalar,
    );
    if (session.clock.position === 6) denseOutputs = await outputsOf(model); // updated, not yet compressed
    await session.settle();
    checkpoints.push(await session.checkpoint({ model, metadata: { data: 'noise' } }));
  }
  run = { checkpoints, denseOutputs };
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
});

afterAll(() => {
  images.dispose();
});

describe('denseTwin', () => {
  const last = (): Checkpoint => {
    const checkpoint = run.checkpoints.at(-1);
    if (!checkpoint) throw new Error('no checkpoint');
    return checkpoint;
  };

  it('is the model as it was at the end of the last dense phase, batch-norm statistics included', async () => {
    const before = tf.memory().numTensors;
    const model = await toModel(denseTwin(last()));
    expect(await outputsOf(model)).toEqual(run.denseOutputs);
    model.dispose();
    const sparse = await toModel(last());
    expect(await outputsOf(sparse)).not.toEqual(run.denseOutputs);
    sparse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is the same from every checkpoint of the last sparse phase', () => {
    expect(run.checkpoints.slice(6).map(denseTwin)).toEqual(new Array(3).fill(denseTwin(last())));
  });

  it('has masks of ones, hardly a zero, and neither optimizer nor snapshots', () => {
    const twin = denseTwin(last());
    const { prunable, perLayer } = checkpointSparsity(twin);
    expect(prunable).toBe(0);
    expect(perLayer.map(({ name, nonzero }) => [name, nonzero])).toEqual([
      ['hidden/kernel', 48],
      ['head/kernel', 16],
    ]);
    expect([twin.slots, twin.optimizer, twin.snapshots.size]).toEqual([[], null, 0]);
  });

  it('says where it is from: clock and phase of the snapshot, method and metadata of the run', () => {
    expect(denseTwin(last())).toMatchObject({
      clock: { step: 7, position: 7, round: 0 },
      phase: 'dense',
      method: { name: 'acdc' },
      metadata: { data: 'noise' },
    });
  });

  it('survives encoding, before and after it is made', () => {
    const twin = denseTwin(last());
    expect(decodeCheckpoint(encodeCheckpoint(twin))).toEqual(twin);
    expect(denseTwin(decodeCheckpoint(encodeCheckpoint(last())))).toEqual(twin);
  });

  it('does not modify the checkpoint it is made from', () => {
    const copy = decodeCheckpoint(encodeCheckpoint(last()));
    denseTwin(last());
    expect(last()).toEqual(copy);
  });

  it('is refused before the last dense phase has ended, and after snapshots were stripped', () => {
    expect(() => denseTwin(run.checkpoints[5] as Checkpoint)).toThrow(CheckpointMismatchError);
    expect(() => denseTwin(run.checkpoints[5] as Checkpoint)).toThrow(/no dense twin \(acdc, position 6\)/);
    expect(() => denseTwin(stripCheckpoint(last()))).toThrow(/snapshots/);
  });

  it('is refused if its snapshot lacks a weight, naming it', () => {
    const snapshots = new Map([['dense-twin', { position: 7, weights: new Map() }]]);
    expect(() => denseTwin({ ...last(), snapshots })).toThrow(/lacks the weight "hidden\/kernel"/);
  });
});
