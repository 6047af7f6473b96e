import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/plan/compile.js';
import { fromLayersModel } from '../src/tfjs/from-layers-model.js';
import { buildModel, randomInput } from './graph/build-model.js';
import { modelRecipe } from './graph/random-models.js';
import { expectClose } from './kernels/close.js';
import { change, small, spoiled } from './not-finite/spoil.js';
import { noise, predicted } from './plan/compare.js';

await tf.setBackend('cpu');

const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
/** One to three values that are not finite, and where they go, modulo the length. */
const spoilers = fc.array(fc.tuple(fc.nat(), notFinite), { minLength: 1, maxLength: 3 });

/** Puts something in place of every weight that is 0: a zero would take no part. */
async function withoutZeros(model: layers.LayersModel): Promise<void> {
  const values = await Promise.all(
    model.getWeights().map(async weight => [await weight.data(), weight.shape] as const),
  );
  const filled = values.map(([data, shape]) =>
    tf.tensor(
      data.map(value => value || 0.25),
      shape,
    ),
  );
  model.setWeights(filled);
  tf.dispose(filled);
}

/** A maximum over single pixels, which TensorFlow.js does not compute but hands on. */
const takesPixelsAsMaximum = (layer: layers.layers.Layer): boolean =>
  layer.getClassName() === 'MaxPooling2D' && String(layer.getConfig().poolSize) === '1,1';

/** Compares a plan with its model, NaN for NaN and infinity for infinity, and both images of a batch. */
async function agrees(model: layers.LayersModel, threads: number, spoil: (clean: Float32Array) => Float32Array) {
  const plan = await compile(await fromLayersModel(model), { threads });
  const clean = randomInput(
    plan.inputShape.reduce((product, length) => product * length, 1),
    7,
  );
  const batch = Float32Array.of(...spoil(clean), ...clean);
  expectClose(await plan.run(batch, { batch: 2 }), await predicted(model, batch));
  await plan.dispose();
  model.dispose();
}

describe('NaN and infinities', () => {
  it.each([1, 2])(
    'in an input of a random network without zero weights come out as in TensorFlow.js, on %d threads',
    threads =>
      fc.assert(
        fc.asyncProperty(modelRecipe, spoilers, async (recipe, list) => {
          const before = tf.memory().numTensors;
          const model = buildModel(recipe);
          if (model.layers.some(takesPixelsAsMaximum)) {
            model.dispose();
            return;
          }
          await withoutZeros(model);
          await agrees(model, threads, clean => spoiled(clean, list));
          expect(tf.memory().numTensors).toBe(before);
        }),
        { numRuns: threads === 1 ? 150 : 40 },
      ),
  );

  it('in a kernel or a bias come out as in TensorFlow.js', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), notFinite, async (which, where, value) => {
        const model = small();
        await change(model, name => /kernel|bias/.test(name), which, [where, value]);
        await agrees(model, 1, clean => clean);
      }),
      { numRuns: 60 },
    ));

  it('leave no trace in later runs', async () => {
    const model = layers.sequential({
      layers: [
        layers.layers.conv2d({ inputShape: [9, 9, 3], filters: 5, kernelSize: 3, padding: 'same', activation: 'relu' }),
        layers.layers.maxPooling2d({ poolSize: 2 }),
        layers.layers.flatten(),
        layers.layers.dense({ units: 4 }),
      ],
    });
    const plan = await compile(await fromLayersModel(model), { threads: 2 });
    const clean = noise(9 * 9 * 3, 1);
    const expected = await plan.run(clean);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      await plan.run(clean.map(() => value));
      expect(await plan.run(clean)).toEqual(expected);
    }
    await plan.dispose();
    model.dispose();
  });
});
