import '@tensorflow/tfjs-backend-cpu';
import { guardTensors } from '@espalier/core/testing';
import { resnet20 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { endsOf } from '../work/network-ends.js';
import { checkpointOfModel } from './checkpoint-of-model.js';
import { fitNetwork, fittedEnds, newClassifier } from './fit-network.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

async function network() {
  const model = resnet20({ inputShape: [8, 8, 3], classes: 3, width: 2 });
  const checkpoint = await checkpointOfModel(model, {}, () => {});
  model.dispose();
  return checkpoint;
}

it('a network gets another size and a new classifier for the data, and everything before it stays', async () => {
  const before = await network();
  const lines: string[] = [];
  const examples = { shape: [16, 16, 3], classCount: 5 };
  const ends = await endsOf(before);
  const after = await fitNetwork(before, ends, examples, { seed: 3, say: line => lines.push(line) });
  expect(await endsOf(after)).toEqual({ takes: [16, 16, 3], gives: 5 });
  expect(fittedEnds(ends, examples)).toEqual({ takes: [16, 16, 3], gives: 5 });
  expect(after.weights.get('stem_conv/kernel')?.values).toEqual(before.weights.get('stem_conv/kernel')?.values);
  expect(after.weights.has('logits/kernel')).toBe(false);
  expect(after.weights.get(newClassifier)?.shape).toEqual([8, 5]);
  expect(lines).toEqual([
    'The network took images of 8×8; it is now for 16×16, with the same weights.',
    'The network gave 3 classes; a new classifier of 5 takes the place of its own, and is not pruned.',
  ]);
});

it('a network that fits is the very same', async () => {
  const before = await network();
  const examples = { shape: [8, 8, 3], classCount: 3 };
  const say = (line: string): never => expect.fail(line);
  expect(await fitNetwork(before, await endsOf(before), examples, { seed: 0, say })).toBe(before);
});

it('other channels are not made to fit', async () => {
  const ends = await endsOf(await network());
  expect(fittedEnds(ends, { shape: [16, 16, 1], classCount: 3 }).takes).toEqual([8, 8, 3]);
});
