/** One run: ImageNet's network fine-tuned on a task by one method with one seed, up to the accuracy. */
import { disposeOptimizer, PruningSession, toModel } from '@espalier/core/tfjs';
import { streamBatches, streamSequentialBatches } from '@espalier/datasets';
import { evaluate, softmaxCrossEntropy, train } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { distillationFrom } from './distillation.mjs';
import { fisher, planOf } from './methods.mjs';
import { normalization as normalize, pointwiseWeights, pretrained, setStatisticsMomentum } from './network.mjs';
import { imagesOf, transformsOf } from './tasks.mjs';

const rounded = (value, digits) => Number(value.toFixed(digits));

/**
 * @param {import('./tasks.mjs').Settings} settings
 * @param {import('./store.mjs').Cell} cell
 * @param {object} options
 * @param {boolean} options.heldOut
 * @param {import('@espalier/core').Checkpoint} [options.teacher] Dense network, with which distilled runs begin.
 * @param {Awaited<ReturnType<import('./unfinished.mjs').unfinishedRun>>} options.unfinished Where it was
 *   cut off.
 * @param {(trained: { session: any, model: any }) => Promise<void>} options.keep Gets the network after the last step.
 * @param {(line: string) => void} options.tell
 * @returns What is written down about the run. What it is judged by is looked at after the last step alone.
 */
export async function oneRun(
  settings,
  { method, sparsity, seed },
  { heldOut, teacher: taught, unfinished, keep, tell },
) {
  const { size, batchSize, steps, weightDecay, labelSmoothing } = settings;
  const began = performance.now();
  const images = await imagesOf(settings, heldOut);
  const transforms = transformsOf(settings);
  const { checkpoint } = unfinished;
  const begun = checkpoint ?? taught;
  const model = begun ? await toModel(begun) : pretrained(settings, seed);
  setStatisticsMomentum(model);
  const teacher = taught && (await toModel(taught));
  const plan = planOf(method, settings, sparsity);
  const optimizer = tf.train.momentum(settings.learningRate, 0.9);
  const loss = softmaxCrossEntropy({ labelSmoothing });
  const tensors = ({ images: values, labels }) => ({
    xs: tf.tensor(values, [labels.length, size, size, 3]),
    ys: tf.tensor1d(Int32Array.from(labels), 'int32'),
  });
  const order = { batchSize, seed, transform: transforms.training, normalize };
  const training = streamBatches(images.train, { ...order, from: checkpoint?.clock.position ?? 0, to: steps });
  const batches = async () => tensors((await training.next()).value);
  /** Losses of small batches of training images as they are judged, for WoodFisher. */
  async function* exampleLosses(count) {
    const options = { batchSize: fisher.images, seed: seed + 1000, transform: transforms.test, normalize, to: count };
    for await (const batch of streamBatches(images.train, options)) {
      const { xs, ys } = tensors(batch);
      try {
        yield () => tf.tidy(() => softmaxCrossEntropy()(model.apply(xs, { training: false }), ys));
      } finally {
        tf.dispose([xs, ys]);
      }
    }
  }
  async function* judged() {
    const options = { batchSize: 50, transform: transforms.test, normalize };
    for await (const batch of streamSequentialBatches(images.test, options)) yield tensors(batch);
  }
  const weights = pointwiseWeights(model);
  const { learningRate } = plan;
  const options = { weights, optimizer, learningRate, weightDecay, seed, exampleLosses, onWarning: () => {} };
  const session = await (checkpoint
    ? PruningSession.resume(plan.method, options, checkpoint)
    : PruningSession.start(plan.method, options));
  const secondsTraining = () => unfinished.seconds + (performance.now() - began) / 1000;
  try {
    await train({
      session,
      model,
      steps,
      loss,
      batches,
      ...(teacher ? { distillation: distillationFrom(teacher) } : {}),
      checkpoint: unfinished.saving(secondsTraining),
      onEvent: ({ type, clock, loss: value }) => {
        if (type !== 'step' || clock.step % 50 !== 0) return;
        const seconds = Math.round(secondsTraining());
        tell(`step ${clock.step}: loss ${value.toFixed(3)}, sparsity ${session.sparsity.toFixed(3)}, ${seconds} s`);
      },
    });
    const trained = secondsTraining();
    await keep({ session, model });
    const { accuracy, loss: judgedLoss } = await evaluate(model, judged());
    return {
      accuracy: rounded(accuracy, 5),
      loss: rounded(judgedLoss, 4),
      reached: rounded(session.sparsity, 6),
      secondsTraining: rounded(trained, 1),
      seconds: rounded(secondsTraining(), 1),
    };
  } finally {
    session.dispose();
    disposeOptimizer(optimizer);
    model.dispose();
    teacher?.dispose();
  }
}
