import '@tensorflow/tfjs-backend-cpu';
import { EspalierError } from '@espalier/core';
import { loadWeights, toModel } from '@espalier/core/tfjs';
import { readLayersModel } from '@espalier/models/node';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { checkpointOf, failure, type Layer, modelFile, type Weights } from './model-files.js';

/** A network with shared, nested and stateful layers, as TensorFlow.js writes it, and its weights. */
function network(): { model: Layer; weights: Weights } {
  const build = layers.layers;
  const x = layers.input({ batchShape: [2, 4, 4, 2], name: 'x' });
  const conv = build.conv2d({ name: 'conv', filters: 2, kernelSize: 3, padding: 'same' });
  const shared = conv.apply(conv.apply(x)) as layers.SymbolicTensor;
  const y = layers.input({ batchShape: [2, 4, 4, 2], name: 'y' });
  const flat = build.flatten({ name: 'flat' }).apply(build.batchNormalization({ name: 'norm' }).apply(y));
  const row = build.reshape({ name: 'row', targetShape: [4, 8] }).apply(flat);
  const start = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros', unitForgetBias: false } as const;
  const rows = build.lstm({ name: 'lstm', units: 2, stateful: true, ...start }).apply(row) as layers.SymbolicTensor;
  const nested = layers.model({ name: 'base', inputs: y, outputs: rows });
  const head = build.dense({ name: 'head', units: 3, activation: 'softmax' }).apply(nested.apply(shared));
  const model = layers.model({ name: 'net', inputs: x, outputs: head as layers.SymbolicTensor });
  const weights = Object.fromEntries(
    model.weights.map(({ originalName, shape }) => {
      const size = shape.reduce<number>((product, side) => product * (side ?? 1), 1);
      return [originalName, [shape as number[], new Array<number>(size).fill(0.5)] as const];
    }),
  );
  return { model: JSON.parse(JSON.stringify(model.toJSON(null, false))) as Layer, weights };
}

const strange = [null, true, 0, -1, 3, 2 ** 31, 'Mine', [], [2, 2], {}];

/** Every value of a JSON value, one after the other in the place of every part of it. */
function* mutations(value: unknown): Generator<unknown> {
  const root = { root: structuredClone(value) } as Record<string, unknown>;
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const visit = (holder: Record<string, unknown>): void => {
    for (const [key, part] of Object.entries(holder)) {
      places.push([holder, key]);
      if (typeof part === 'object' && part !== null) visit(part as Record<string, unknown>);
    }
  };
  visit(root);
  for (const [index, [holder, key]] of places.entries()) {
    const kept = holder[key];
    // Three values at each place, so that all of them are met many times.
    for (let i = 0; i < 3; i++) {
      holder[key] = structuredClone(strange[(index * 3 + i) % strange.length]);
      yield root.root;
    }
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    yield root.root;
    if (Array.isArray(holder)) holder.splice(Number(key), 0, kept);
    else holder[key] = kept;
  }
}

it('a topology changed in any place is built or refused with a code, and leaves no tensor', async () => {
  const { model, weights } = network();
  const before = tf.memory().numTensors;
  const codes = new Set<string>();
  let built = 0;
  for (const changed of mutations(model)) {
    const checkpoint = { ...(checkpointOf(model, weights) as object), model: changed } as never;
    try {
      const made = await toModel(checkpoint);
      built++;
      for (const weight of made.weights) if (!weight.read().isDisposed) weight.dispose();
      const { states_: states } = findLstm(made);
      tf.dispose(states ?? []);
    } catch (error) {
      if (!EspalierError.isInstance(error)) throw error;
      codes.add(error.code);
    }
    expect(tf.memory().numTensors).toBe(before);
  }
  expect(built).toBeGreaterThan(100);
  expect([...codes].sort()).toEqual([
    'CHECKPOINT_MISMATCH',
    'CORRUPT_CHECKPOINT',
    'UNREGISTERED_CLASS',
    'UNSUPPORTED_LAYER_OPTION',
  ]);
}, 120_000);

/** The layer with states, wherever it is. */
function findLstm(model: { layers: unknown[] }): { states_?: tf.Tensor[] } {
  for (const layer of model.layers as { layers?: unknown[]; states_?: tf.Tensor[] }[]) {
    if (layer.states_?.length) return layer;
    const inner = layer.layers ? findLstm({ layers: layer.layers }) : {};
    if (inner.states_) return inner;
  }
  return {};
}

it.each<[string, (weights: Record<string, Weights[string]>) => void]>([
  ['a missing weight', weights => delete weights['head/bias']],
  ['a weight too many', weights => (weights['more/kernel'] = [[1], [1]])],
  ['a weight of another shape', weights => (weights['head/bias'] = [[4], [1, 2, 3, 4]])],
  [
    'a weight with another name',
    weights => {
      weights['tail/bias'] = weights['head/bias']!;
      delete weights['head/bias'];
    },
  ],
  ['a weight of fewer values', weights => (weights['head/bias'] = [[3], [1]])],
])('20 refusals of %s leave no tensor', async (_, damage) => {
  const { model, weights } = network();
  damage(weights as Record<string, Weights[string]>);
  const path = await modelFile(model, weights, 'tfjs-layers 4.22.0');
  for (let i = 0; i < 20; i++) {
    expect((await failure(() => toModel(checkpointOf(model, weights)))).tensors).toBe(0);
    const { error, tensors } = await failure(() => readLayersModel(path));
    expect((error as { code?: string }).code).toMatch(/^MODEL_/);
    expect(tensors).toBe(0);
  }
});

it('weights with one name in two networks leave no tensor, and loadWeights writes nothing that does not fit', async () => {
  const { model, weights } = network();
  const text = JSON.stringify(model).replaceAll('"lstm"', '"conv"');
  const renamed = Object.fromEntries(
    Object.entries(weights).map(([name, entry]) => [name.replace('lstm', 'conv'), entry]),
  );
  const { error, tensors } = await failure(() => toModel(checkpointOf(JSON.parse(text) as Layer, renamed)));
  expect(error.code).toMatch(/DUPLICATE_WEIGHT|CHECKPOINT_MISMATCH/);
  expect(tensors).toBe(0);
  const made = layers.sequential({ layers: [layers.layers.dense({ name: 'head', units: 1, inputShape: [1] })] });
  const refused = await failure(async () => loadWeights(made, { weights: new Map() }));
  expect(refused.error.code).toBe('CHECKPOINT_MISMATCH');
  expect(refused.tensors).toBe(0);
});
