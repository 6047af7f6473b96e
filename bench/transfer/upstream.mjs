/** Upstream checkpoints: a method at one sparsity on the suite's data, trained once and kept as a file. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripCheckpoint } from '@espalier/core';
import { readCheckpoint, writeCheckpoint } from '@espalier/core/node';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { batchAt, toTensors } from '@espalier/datasets';
import { softmaxCrossEntropy, train } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { methods } from '../methods/methods.mjs';
import { settingsOf } from '../methods/store.mjs';

/** Of weights, data order, augmentation and the method; downstream runs have seeds of their own. */
const seed = 1;

/** The kept checkpoint if it was made with these very settings, else a new one. A run that was cut off is done anew. */
export async function upstreamCheckpoint(suite, cell, { folder, data, signal }) {
  const path = join(folder, `${cell.method}-${cell.sparsity}.safetensors`);
  const settings = settingsOf(suite, cell);
  const kept = await readCheckpoint(path).catch(() => undefined);
  if (kept && JSON.stringify(kept.metadata.settings) === JSON.stringify(settings)) return kept;
  const checkpoint = await trainUpstream(suite, methods[cell.method](suite, cell.sparsity), { data, settings, signal });
  mkdirSync(folder, { recursive: true });
  await writeCheckpoint(path, checkpoint);
  return checkpoint;
}

async function trainUpstream(suite, { method, learningRate, positions }, { data, settings, signal }) {
  const { batchSize, normalise, augment, momentum, weightDecay, fisher } = suite;
  const model = suite.model(seed);
  const optimizer = tf.train.momentum(suite.learningRate, momentum);
  const batch = (position, size, stream) =>
    toTensors(
      batchAt(data.train, { position, batchSize: size, seed: stream, normalise, ...(augment ? { augment } : {}) }),
    );
  const loss = softmaxCrossEntropy();
  function* exampleLosses(count) {
    for (let i = 0; i < count; i++) {
      const { xs, ys } = batch(i, fisher.images, seed + 1000);
      try {
        yield () => tf.tidy(() => loss(model.apply(xs, { training: false }), ys));
      } finally {
        tf.dispose([xs, ys]);
      }
    }
  }
  const options = { weights: modelWeights(model), optimizer, learningRate, weightDecay, seed, exampleLosses };
  const session = await PruningSession.start(method, options);
  try {
    await train({ session, model, steps: positions, batches: at => batch(at, batchSize, seed), signal });
    signal.throwIfAborted();
    const metadata = { settings, recipe: { dataset: suite.name } };
    return stripCheckpoint(await session.checkpoint({ model, metadata, slots: false, snapshots: false }));
  } finally {
    session.dispose();
    disposeOptimizer(optimizer);
    model.dispose();
  }
}
