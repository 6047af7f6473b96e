import '@tensorflow/tfjs-backend-cpu';
import * as tfc from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildModel, predict, randomInput, relativeError } from '../../../test/graph/build-model.js';
import { interpret } from '../../../test/graph/interpret.js';
import { modelRecipe } from '../../../test/graph/random-models.js';
import { fromLayersModel } from '../../tfjs/index.js';
import { checkGraph } from '../check-graph.js';
import { sizeOf } from '../shape-of.js';
import { simplify } from '../simplify.js';

test('graphs of random models compute what TensorFlow.js computes, before and after simplify', async () => {
  await tfc.setBackend('cpu');
  await fc.assert(
    fc.asyncProperty(modelRecipe, async recipe => {
      const before = tfc.memory().numTensors;
      const model = buildModel(recipe);
      const held = tfc.memory().numTensors;
      const graph = await fromLayersModel(model);
      expect(tfc.memory().numTensors).toBe(held);
      checkGraph(graph);
      const input = randomInput(sizeOf(graph.input.shape), recipe.seed);
      const expected = await predict(model, input);
      expect(relativeError(interpret(graph, input), expected)).toBeLessThan(1e-4);
      const simple = simplify(graph);
      checkGraph(simple);
      expect(relativeError(interpret(simple, input), expected)).toBeLessThan(1e-4);
      model.dispose();
      expect(tfc.memory().numTensors).toBe(before);
    }),
    { numRuns: 150 },
  );
}, 120_000);
