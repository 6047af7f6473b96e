import '@tensorflow/tfjs-backend-cpu';
import { CheckpointMismatchError, type Json, type StoredWeight } from '@espalier/core';
import { modelWeights } from '@espalier/core/tfjs';
import { resnet20 } from '@espalier/models';
import { expect, test } from 'vitest';
import { randomInput, randomizeWeights } from '../../test/graph/build-model.js';
import { interpret } from '../../test/graph/interpret.js';
import { fromLayersModel } from '../tfjs/index.js';
import { graphFromCheckpoint } from './graph-from-checkpoint.js';

test('the graph of a checkpoint is that of the model it was made from', async () => {
  const model = resnet20({ inputShape: [8, 8, 3], width: 2 });
  randomizeWeights(model, 1);
  const weights = new Map<string, StoredWeight>();
  for (const { name, variable, trainable } of modelWeights(model)) {
    weights.set(name, { shape: variable.shape, values: (await variable.data()) as Float32Array, trainable });
  }
  const topology = JSON.parse(JSON.stringify(model.toJSON(null, false))) as Json;
  const graph = graphFromCheckpoint({ model: topology, weights });
  const input = randomInput(8 * 8 * 3, 1);
  expect(interpret(graph, input)).toEqual(interpret(await fromLayersModel(model), input));
  model.dispose();
});

test('a checkpoint without topology is refused with the remedy', () => {
  const open = (): unknown => graphFromCheckpoint({ model: null, weights: new Map() });
  expect(open).toThrow(CheckpointMismatchError);
  expect(open).toThrow(/session.checkpoint\(\{ model \}\)/);
});
