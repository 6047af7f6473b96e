import { afterwards } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, type Json, type PruningMethod, randomStreams } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { magnitude } from '@espalier/prune-magnitude';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import type { Batch } from '../src/batch.js';

/** A small net with everything that has a state of its own: batch statistics, dropout, regularizers. */
function net(l2 = 0): LayersModel {
  const kernelInitializer = (seed: number): ReturnType<typeof initializers.heNormal> => initializers.heNormal({ seed });
  const kernelRegularizer = l2 > 0 ? { kernelRegularizer: regularizers.l2({ l2 }) } : {};
  return sequential({
    name: 'net',
    layers: [
      layers.dense({
        name: 'hidden',
        units: 6,
        inputShape: [4],
        useBias: false,
        kernelInitializer: kernelInitializer(1),
      }),
      layers.batchNormalization({ name: 'norm', momentum: 0.9 }),
      layers.dropout({ name: 'dropout', rate: 0.3 }),
      layers.dense({ name: 'logits', units: 2, kernelInitializer: kernelInitializer(2), ...kernelRegularizer }),
    ],
  });
}

export interface Rig<State extends Json> {
  readonly model: LayersModel;
  readonly session: PruningSession<State>;
}

/** A session over a new net, resumed from a checkpoint if one is given. */
export async function rig<State extends Json>(
  method: PruningMethod<State>,
  from?: Checkpoint,
  l2 = 0,
): Promise<Rig<State>> {
  const model = afterwards(net(l2));
  const optimizer = tf.train.momentum(0.05, 0.9);
  afterwards({ dispose: () => disposeOptimizer(optimizer) });
  const options = { weights: modelWeights(model), optimizer, seed: 5 };
  const session = await (from ? PruningSession.resume(method, options, from) : PruningSession.start(method, options));
  return { model, session: afterwards(session) };
}

/** Two noisy clusters, a function of the position. */
export function batches(position: number): Batch {
  const random = randomStreams(1, position)('data');
  const ys = Int32Array.from({ length: 8 }, () => Math.floor(random() * 2));
  const xs = Float32Array.from({ length: 32 }, (_, i) => random() + (ys[i >> 2] ?? 0));
  return { xs: tf.tensor2d(xs, [8, 4]), ys: tf.tensor1d(ys, 'int32') };
}

export const gradual = (): PruningMethod<null> =>
  magnitude({ sparsity: 0.75, cadence: { start: 2, end: 8, every: 3 } });
