/**
 * The workload that every engine runs: one training step of the CIFAR ResNet-20 at batch 64 (forward, softmax
 * cross-entropy, backward, SGD with momentum 0.9), always on the same batch of noise.
 */
import { resnet20 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';

export const BATCH = 64;

/** A model with its optimizer and one batch; `step()` is synchronous up to the read-back of the loss. */
export function createWorkload() {
  const model = resnet20({ seed: 1 });
  const x = tf.randomNormal([BATCH, 32, 32, 3], 0, 1, 'float32', 7);
  const labels = Int32Array.from({ length: BATCH }, (_, i) => i % 10);
  const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), 10), 'float32'));
  const optimizer = tf.train.momentum(0.05, 0.9);
  const variables = model.trainableWeights.map(weight => weight.read());
  const loss = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }));
  const step = async () => {
    const cost = optimizer.minimize(loss, true, variables);
    const [value] = await cost.data();
    cost.dispose();
    return value;
  };
  return { model, optimizer, loss, step };
}

/** Seconds that each of `count` calls took. */
export async function time(step, count) {
  const seconds = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    await step();
    seconds.push((performance.now() - begin) / 1000);
  }
  return seconds;
}

/** The kernels that took most of a step, in milliseconds per step. Meant for backends that run synchronously. */
export async function profileKernels(step, steps, top) {
  const times = new Map();
  const backend = tf.getBackend();
  const originals = tf.getKernelsForBackend(backend);
  const replace = config => {
    tf.unregisterKernel(config.kernelName, backend);
    tf.registerKernel(config);
  };
  for (const config of originals) {
    replace({
      ...config,
      kernelFunc: call => {
        const begin = performance.now();
        try {
          return config.kernelFunc(call);
        } finally {
          const { milliseconds = 0, calls = 0 } = times.get(config.kernelName) ?? {};
          times.set(config.kernelName, { milliseconds: milliseconds + performance.now() - begin, calls: calls + 1 });
        }
      },
    });
  }
  const begin = performance.now();
  for (let i = 0; i < steps; i++) await step();
  const total = (performance.now() - begin) / steps;
  originals.forEach(replace);
  const kernels = [...times]
    .map(([kernel, { milliseconds, calls }]) => ({ kernel, milliseconds: milliseconds / steps, calls: calls / steps }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
  const inKernels = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return { stepMilliseconds: total, outsideKernelsMilliseconds: total - inKernels, kernels: kernels.slice(0, top) };
}
