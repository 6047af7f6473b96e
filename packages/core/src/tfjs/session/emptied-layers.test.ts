import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { activeMagnitude, global, type PruningMethod } from '../../index.js';
import { modelWeights, PruningSession, pruneOnce, type SessionWarning } from '../index.js';

beforeAll(() => tf.setBackend('cpu'));

const model = sequential({
  layers: [layers.dense({ name: 'small', units: 2, inputShape: [2] }), layers.dense({ name: 'large', units: 2 })],
});

/** Masks "small/kernel" whole at the first two positions, and one entry of "large/kernel" at the first. */
const method: PruningMethod<null> = {
  specification: 'v1',
  name: 'emptier',
  citation: 'none',
  options: {},
  start: () => ({ state: null }),
  plan: ({ position }) => (position < 2 ? { observe: { kind: 'clock' } } : {}),
  decide: ({ clock }) => ({
    state: null,
    masks: new Map([
      ['small/kernel', new Uint8Array(4)],
      ['large/kernel', Uint8Array.of(clock.position, 1, 1, 1 - clock.position)],
    ]),
  }),
};

it('warns of an emptied layer at the decision, and once', async () => {
  const warnings: SessionWarning[] = [];
  const session = await PruningSession.start(method, {
    weights: modelWeights(model),
    optimizer: tf.train.sgd(0.1),
    onWarning: warning => warnings.push(warning),
  });
  for (let i = 0; i < 2; i++) {
    await session.step(() => tf.sum(model.apply(tf.ones([1, 2])) as tf.Tensor) as tf.Scalar);
    expect(warnings.map(({ code, weights }) => [code, weights])).toEqual([['LAYERS_EMPTIED', ['small/kernel']]]);
  }
  expect(warnings[0]?.message).toContain('No active weight is left in small/kernel');
  session.dispose();
});

it('warns of layers that pruneOnce empties', async () => {
  const warnings: SessionWarning[] = [];
  const weights = modelWeights(model);
  // small/kernel is all 0 after the test above; of 8 entries the 2 largest stay, which are in the other layer.
  await pruneOnce(weights, activeMagnitude, 0.75, global, { onWarning: warning => warnings.push(warning) });
  expect(warnings.map(({ code, weights: names }) => [code, names])).toEqual([['LAYERS_EMPTIED', ['small/kernel']]]);
});
