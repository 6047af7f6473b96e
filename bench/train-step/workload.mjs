/**
 * The workload that every engine runs: one training step of a network (forward, softmax cross-entropy, backward, SGD
 * with momentum 0.9), always on the same batch of noise.
 */
import * as tf from '@tensorflow/tfjs-core';
import { networks } from './networks.mjs';

/** A model with its optimizer and one batch; `step()` is synchronous up to the read-back of the loss. */
export function createWorkload(name) {
  const { build, batch, side, classes, perPixel } = networks[name];
  const model = build();
  const x = tf.randomNormal([batch, side, side, 3], 0, 1, 'float32', 7);
  const count = perPixel ? batch * side * side : batch;
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const shape = perPixel ? [batch, side, side, classes] : [batch, classes];
  const y = tf.tidy(() => tf.reshape(tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), classes), 'float32'), shape));
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

/** Seconds that each of `count` calls took, by the clock and of the processor's time. */
export async function time(step, count) {
  const [seconds, processorSeconds] = [[], []];
  for (let i = 0; i < count; i++) {
    const [begin, beginProcessor] = [performance.now(), processorMilliseconds()];
    await step();
    seconds.push((performance.now() - begin) / 1000);
    processorSeconds.push((processorMilliseconds() - beginProcessor) / 1000);
  }
  return { seconds, processorSeconds };
}

/** What the process has had of the processor, which other processes slow down less than the clock. */
function processorMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The kernels that took most of a step, in milliseconds of the processor per step. Meant for backends that run
 * synchronously.
 */
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
        const begin = processorMilliseconds();
        try {
          return config.kernelFunc(call);
        } finally {
          const { milliseconds = 0, calls = 0 } = times.get(config.kernelName) ?? {};
          times.set(config.kernelName, {
            milliseconds: milliseconds + processorMilliseconds() - begin,
            calls: calls + 1,
          });
        }
      },
    });
  }
  const begin = processorMilliseconds();
  for (let i = 0; i < steps; i++) await step();
  const total = (processorMilliseconds() - begin) / steps;
  originals.forEach(replace);
  const kernels = [...times]
    .map(([kernel, { milliseconds, calls }]) => ({ kernel, milliseconds: milliseconds / steps, calls: calls / steps }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
  const inKernels = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return { stepMilliseconds: total, outsideKernelsMilliseconds: total - inKernels, kernels: kernels.slice(0, top) };
}
