/**
 * One-shot pruning of EfficientNet-Lite0 by this repository's WoodFisher and by magnitude, beside `theirs.py`.
 *
 *   ESPALIER_DATA=<folder> node bench/woodfisher/authors/ours.mjs <file of images.py> <block size> <gradients>
 *
 * One JSON object a line: what pruned, sparsity, cuts, top-1 and mean loss of the images that gave no gradient.
 */
import { readFileSync } from 'node:fs';
import { useBackend } from '@espalier/backend';
import { PruningSession } from '@espalier/core/tfjs';
import { oneShotMagnitude } from '@espalier/prune-magnitude';
import { oneShotWoodFisher } from '@espalier/prune-woodfisher';
import { softmaxCrossEntropy } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { pointwiseWeights, pretrained } from '../../real-networks/network.mjs';

const [file, blockSize, samples] = [process.argv[2], ...process.argv.slice(3).map(Number)];
await useBackend('wasm');
const side = 224;
const bytes = readFileSync(file);
const pixels = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const labels = JSON.parse(readFileSync(`${file}.json`, 'utf8'));
const size = side * side * 3;

/** Images by their places. */
function batchOf(places) {
  const values = new Float32Array(places.length * size);
  for (const [row, place] of places.entries()) {
    values.set(pixels.subarray(place * size, (place + 1) * size), row * size);
  }
  const ys = Int32Array.from(places, place => labels[place]);
  return { xs: tf.tensor(values, [places.length, side, side, 3]), ys: tf.tensor1d(ys, 'int32') };
}

const [given, judged] = [0, 1].map(first => labels.map((_, place) => place).filter(place => place % 2 === first));
const crossEntropy = softmaxCrossEntropy();

async function judge(model) {
  let [right, loss] = [0, 0];
  for (let start = 0; start < judged.length; start += 20) {
    const places = judged.slice(start, start + 20);
    const { xs, ys } = batchOf(places);
    const [hits, total] = tf.tidy(() => {
      const logits = model.predict(xs);
      const hit = tf.equal(tf.argMax(logits, 1), tf.cast(ys, 'int32'));
      return [tf.sum(tf.cast(hit, 'float32')), tf.mul(crossEntropy(logits, ys), places.length)];
    });
    right += (await hits.data())[0];
    loss += (await total.data())[0];
    tf.dispose([xs, ys, hits, total]);
  }
  return { top1: right / judged.length, loss: Number((loss / judged.length).toFixed(4)) };
}

function* exampleLosses(count) {
  for (const place of given.slice(0, count)) {
    const { xs, ys } = batchOf([place]);
    yield () => tf.tidy(() => crossEntropy(model.apply(xs, { training: false }), ys));
    tf.dispose([xs, ys]);
  }
}

let model;
async function report(what, sparsity, cuts, method) {
  model = pretrained({ size: side, classes: 1000 }, 0, { head: 'load' });
  const session =
    method &&
    (await PruningSession.start(method, {
      weights: pointwiseWeights(model),
      optimizer: tf.train.sgd(0),
      exampleLosses,
      onWarning: () => {},
    }));
  // A step of rate 0 changes nothing; after it comes the decision.
  const { xs, ys } = batchOf([0]);
  const step = () => tf.tidy(() => crossEntropy(model.apply(xs, { training: false }), ys));
  for (let cut = 0; session && cut < cuts; cut++) await session.step(step);
  tf.dispose([xs, ys]);
  const reached = Number((session?.sparsity ?? 0).toFixed(6));
  console.log(JSON.stringify({ what, sparsity, cuts, reached, ...(await judge(model)) }));
  session?.dispose();
  model.dispose();
}

await report('dense', 0, 0, undefined);
for (const sparsity of [0.5, 0.7, 0.8]) {
  await report('magnitude', sparsity, 1, oneShotMagnitude({ sparsity, position: 0 }));
  for (const cuts of [1, 3]) {
    await report('woodfisher', sparsity, cuts, oneShotWoodFisher({ sparsity, cuts, samples, blockSize }));
  }
}
