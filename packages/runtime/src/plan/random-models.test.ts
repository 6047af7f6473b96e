import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel, predict, randomInput } from '../../test/graph/build-model.js';
import { type ModelRecipe, modelRecipe } from '../../test/graph/random-models.js';
import { fromLayersModel } from '../tfjs/from-layers-model.js';
import { compile } from './compile.js';
import type { CompileOptions, Lanes } from './options.js';
import { expectClose } from './testing/compare.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Recipes for images of up to 24 rows and columns, so that values take several tiles. */
const recipes: fc.Arbitrary<ModelRecipe> = fc
  .tuple(modelRecipe, fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }))
  .map(([recipe, height, width]) => ({ ...recipe, image: [height, width, recipe.image[2]] }));

async function agrees(recipe: ModelRecipe, options: CompileOptions): Promise<void> {
  const before = tf.memory().numTensors;
  const model = buildModel(recipe);
  const plan = await compile(await fromLayersModel(model), options);
  const input = randomInput(recipe.image[0] * recipe.image[1] * recipe.image[2], recipe.seed);
  expectClose(await plan.run(input), await predict(model, input));
  await plan.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

const always = (options: CompileOptions, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(recipes, recipe => agrees(recipe, options)),
    { numRuns },
  );

describe('a random network', () => {
  it.each([16, 28, 32] as Lanes[])('gives what TensorFlow.js gives, in tiles of %d pixels', lanes =>
    always({ threads: 1, lanes }, 60),
  );
  it('gives what TensorFlow.js gives on two threads', () => always({ threads: 2 }, 40));
  it('gives what TensorFlow.js gives when it was tuned', () => always({ threads: 1, tune: true }, 20));
});
