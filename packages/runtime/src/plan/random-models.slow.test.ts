import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel, predict, randomInput } from '../../test/graph/build-model.js';
import { type ModelRecipe, modelRecipe } from '../../test/graph/random-models.js';
import { expectClose } from '../../test/plan/compare.js';
import { LANES } from '../engine/lanes.js';
import type { CompileOptions } from '../executor/options.js';
import { fromLayersModel } from '../tfjs/from-layers-model.js';
import { compile } from './compile.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Recipes for images of up to 24 rows and columns, so that values take several tiles. */
const recipes: fc.Arbitrary<ModelRecipe> = fc
  .tuple(modelRecipe, fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }))
  .map(([recipe, height, width]) => ({ ...recipe, image: [height, width, recipe.image[2]] }));

/**
 * Values inside the networks are around 1. Where a result is much smaller, they have canceled out, and roundings are
 * left.
 */
const LEAST = 0.1;

async function agrees(recipe: ModelRecipe, options: CompileOptions): Promise<void> {
  const before = tf.memory().numTensors;
  const model = buildModel(recipe);
  const plan = await compile(await fromLayersModel(model), options);
  const input = randomInput(recipe.image[0] * recipe.image[1] * recipe.image[2], recipe.seed);
  expectClose(await plan.run(input), await predict(model, input), LEAST);
  await plan.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

/** Runs several times, since threads that do not wait for each other are not always noticed. */
async function agreesWithOneThread(recipe: ModelRecipe): Promise<void> {
  const model = buildModel(recipe);
  const graph = await fromLayersModel(model);
  model.dispose();
  const input = randomInput(recipe.image[0] * recipe.image[1] * recipe.image[2], recipe.seed);
  const alone = await compile(graph, { threads: 1 });
  const pool = await compile(graph, { threads: 2 });
  const expected = await alone.run(input);
  for (let run = 0; run < 20; run++) expect(await pool.run(input)).toEqual(expected);
  await alone.dispose();
  await pool.dispose();
}

const always = (options: CompileOptions, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(recipes, recipe => agrees(recipe, options)),
    { numRuns },
  );

describe('a random network', () => {
  it.each(LANES)('gives what TensorFlow.js gives, in tiles of %d pixels', lanes => always({ threads: 1, lanes }, 60));
  it('gives what TensorFlow.js gives on two threads', () => always({ threads: 2 }, 40));
  it('gives the same on two threads as on one, to the last bit', () =>
    fc.assert(fc.asyncProperty(recipes, agreesWithOneThread), { numRuns: 40 }));
  it('gives what TensorFlow.js gives when it was tuned', () => always({ threads: 1, tune: true }, 20));
});
