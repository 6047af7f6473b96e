// A small pruning run that resumes from whatever it finds in its directory. Killed and restarted by
// kill-and-resume.slow.test.ts.
import '@tensorflow/tfjs-backend-cpu';
import { cosine, randomStreams, warmUp } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { magnitude } from '@espalier/prune-magnitude';
import { train } from '@espalier/trainer';
import { latestCheckpoint, saveCheckpoint } from '@espalier/trainer/node';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';

const [directory] = process.argv.slice(2);
const steps = 40;
const say = line => process.stdout.write(`${line}\n`);

const kernelInitializer = seed => ({ className: 'HeNormal', config: { seed } });
const model = sequential({
  name: 'killable',
  layers: [
    layers.conv2d({
      name: 'conv',
      inputShape: [8, 8, 1],
      filters: 4,
      kernelSize: 3,
      useBias: false,
      kernelInitializer: kernelInitializer(1),
    }),
    layers.batchNormalization({ name: 'norm' }),
    layers.reLU({ name: 'relu' }),
    layers.flatten({ name: 'flatten' }),
    layers.dropout({ name: 'dropout', rate: 0.2 }),
    layers.dense({ name: 'logits', units: 4, kernelInitializer: kernelInitializer(2) }),
  ],
});

/** Noise with a bright quadrant, which is the class. */
function batches(position) {
  const random = randomStreams(7, position)('data');
  const ys = Int32Array.from({ length: 8 }, () => Math.floor(random() * 4));
  const xs = Float32Array.from({ length: 8 * 64 }, (_, i) => {
    const quadrant = 2 * Number(i % 64 >= 32) + Number(i % 8 >= 4);
    return random() + Number(ys[Math.floor(i / 64)] === quadrant);
  });
  return { xs: tf.tensor4d(xs, [8, 8, 8, 1]), ys: tf.tensor1d(ys, 'int32') };
}

const method = magnitude({ sparsity: 0.8, cadence: { start: 4, end: 30, every: 5 } });
const options = {
  weights: modelWeights(model),
  optimizer: tf.train.momentum(0.05, 0.9),
  learningRate: warmUp(cosine({ from: 0.05, start: 5, end: steps }), { steps: 5 }),
  weightDecay: 1e-3,
  seed: 3,
};
const found = await latestCheckpoint(directory);
const session = found
  ? await PruningSession.resume(method, options, found.checkpoint)
  : await PruningSession.start(method, options);
say(`from ${session.clock.step}`);

await train({
  session,
  model,
  batches,
  steps,
  checkpoint: {
    every: 3,
    save: async checkpoint => {
      say(`saving ${checkpoint.clock.step}`);
      await saveCheckpoint(directory, checkpoint);
    },
  },
  onEvent: ({ type, clock }) => say(`${type} ${clock.step}`),
});
