/**
 * node fixture.mjs <folder>: writes a sparse checkpoint (`pruned.safetensors`: ResNet-20, 90 % of every kernel masked
 * at random), eight images and what TensorFlow.js on `cpu` makes of them. The same bytes every time.
 */
import '@tensorflow/tfjs-backend-cpu';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeCheckpoint, fixed } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { resnet20 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { noise } from './noise.mjs';

const IMAGES = 8;
const folder = process.argv[2];
await mkdir(folder, { recursive: true });

const model = resnet20({ seed: 1 });
const masks = new Map();
for (const [index, { originalName, shape }] of model.weights.entries()) {
  if (originalName.endsWith('kernel')) masks.set(originalName, mask(tf.util.sizeFromShape(shape), index));
}
const optimizer = tf.train.sgd(0.1);
const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer, masks });
const checkpoint = await session.checkpoint({ model, slots: false });
const images = noise(1, IMAGES * 32 * 32 * 3);
const logits = await model.predict(tf.tensor(images, [IMAGES, 32, 32, 3])).data();

await writeFile(join(folder, 'pruned.safetensors'), encodeCheckpoint(checkpoint));
await writeFile(join(folder, 'images.f32'), new Uint8Array(images.buffer));
await writeFile(join(folder, 'logits.f32'), new Uint8Array(Float32Array.from(logits).buffer));

function mask(size, seed) {
  return Uint8Array.from(noise(seed + 2, size), value => Number(value > 0.8));
}
