import '@tensorflow/tfjs-backend-cpu';
import { activeMagnitude, EspalierError, fixed, global } from '@espalier/core';
import {
  applyMasks,
  disposeOptimizer,
  modelWeights,
  PruningSession,
  prunableWeights,
  pruneOnce,
  weightsOf,
} from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

const dense = (): LayersModel => sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [2] })] });
const disposed = (): LayersModel => {
  const model = dense();
  model.dispose();
  return model;
};
/** As much of a `tf.GraphModel` as there is without a converted file. */
const graphModel = { executor: {}, weights: {}, predict() {}, execute() {}, executeAsync: async () => {} };

const noModels: Readonly<Record<string, [() => unknown, RegExp]>> = {
  nothing: [() => undefined, /is undefined.*tf\.sequential/],
  null: [() => null, /is null/],
  'an object': [() => ({}), /object of another kind.*loadLayersModel/],
  'an array': [() => [], /array/],
  'a number': [() => 3, /is 3/],
  'a path': [() => 'model.json', /"model\.json".*loadLayersModel/],
  'a function': [() => sequential, /a function/],
  'a promise': [() => Promise.resolve(1), /promise\. Await it/],
  'a graph model': [() => graphModel, /GraphModel.*tfjs_layers_model/],
  'a layer': [() => layers.dense({ units: 2 }), /single layer.*tf\.sequential/],
  'a model without layers': [() => sequential(), /no layers yet.*inputShape/],
  'a model that was disposed': [disposed, /disposed/],
};

describe.each(Object.entries(noModels))('%s in place of a model', (_, [make, remedy]) => {
  it('is refused with a code, and with what to do', async () => {
    const refused = expect.objectContaining({ code: 'INVALID_MODEL', message: expect.stringMatching(remedy) });
    const model = make() as LayersModel;
    expect(() => modelWeights(model)).toThrow(refused);
    expect(() => prunableWeights(model)).toThrow(refused);
    const real = dense();
    const session = await PruningSession.start(fixed(), { weights: modelWeights(real), optimizer: tf.train.sgd(0.1) });
    if (model !== undefined)
      await expect(session.checkpoint({ model })).rejects.toMatchObject({ code: expect.any(String) });
    session.dispose();
    real.dispose();
  });
});

/** Rejects or throws an error of Espalier, whatever it is given. */
async function coded(call: () => unknown): Promise<void> {
  const error: unknown = await Promise.resolve()
    .then(call)
    .then(
      () => 'nothing was thrown',
      (reason: unknown) => reason,
    );
  expect(EspalierError.isInstance(error), String(error)).toBe(true);
}

const nonsense: readonly unknown[] = [
  undefined,
  null,
  {},
  [],
  3,
  'text',
  () => {},
  [null],
  [{}],
  [{ name: 'w' }],
  graphModel,
];

describe.each(nonsense.map(value => [JSON.stringify(value) ?? String(value), value] as const))('%s', (_, value) => {
  const wrong = value as never;

  it('is refused as weights, optimizer, method, options and checkpoint, with codes', async () => {
    const model = dense();
    const weights = modelWeights(model);
    const optimizer = tf.train.sgd(0.1);
    await coded(() => pruneOnce(wrong, activeMagnitude, 0.5, global));
    await coded(() => applyMasks(wrong, new Map()));
    if (typeof value !== 'function') {
      await coded(() => pruneOnce(weights, wrong, 0.5, global));
      await coded(() => pruneOnce(weights, activeMagnitude, 0.5, wrong));
    }
    if (value !== 3) await coded(() => pruneOnce(weights, activeMagnitude, wrong, global));
    await coded(() => applyMasks(weights, wrong));
    await coded(() => PruningSession.start(wrong, { weights, optimizer }));
    await coded(() => PruningSession.start(fixed(), wrong));
    await coded(() => PruningSession.start(fixed(), { weights: wrong, optimizer }));
    await coded(() => PruningSession.start(fixed(), { weights, optimizer: wrong }));
    await coded(() => PruningSession.resume(fixed(), { weights, optimizer }, wrong));
    await coded(() => disposeOptimizer(wrong));
    if (JSON.stringify(value) !== '{}') await coded(() => weightsOf(wrong));
    model.dispose();
  });

  it('is refused as a loss and as gradients, with codes', async () => {
    const model = dense();
    const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
    if (typeof value !== 'function') {
      await coded(() => session.step(wrong));
      await coded(() => session.optimizer.minimize(wrong));
    }
    await coded(() => session.optimizer.applyGradients(wrong));
    session.dispose();
    model.dispose();
  });
});
