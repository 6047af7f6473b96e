import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EspalierError } from '@espalier/core';
import { loadKerasWeights } from '@espalier/models';
import { readKerasWeights, readLayersModel } from '@espalier/models/node';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import h5wasm, { type Group } from 'h5wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-outside-'));
});
afterAll(() => rm(folder, { recursive: true }));

const L = layers.layers;
const zeros = { recurrentInitializer: 'zeros' } as const;
const rnn = (layer: unknown): never => layer as never;

/**
 * A layer, and its weights in Keras 3.15.1 by our names: the name in `.h5`, and the groups in `.weights.h5` with the
 * names that they say.
 */
interface Case {
  readonly layer: () => layers.layers.Layer;
  readonly names: Record<
    string,
    readonly [name: string, groups: readonly (readonly [key: string, name: string])[], place: number]
  >;
  readonly shape?: readonly number[];
}
const threes = (ours: string, keras: string, groups: readonly (readonly [string, string])[]): Case['names'] =>
  Object.fromEntries(
    ['kernel', 'recurrent_kernel', 'bias'].map((own, i) => [`${ours}/${own}`, [`${keras}/${own}`, groups, i]]),
  );

const cases: Record<string, Case> = {
  LSTM: {
    layer: () => L.lstm({ units: 2, name: 'x', ...zeros }),
    names: threes('x', 'x/lstm_cell', [['cell', 'lstm_cell']]),
  },
  'LSTM of a later session': {
    layer: () => L.lstm({ units: 2, name: 'x', ...zeros }),
    names: threes('x', 'x/lstm_cell_7', [['cell', 'lstm_cell_7']]),
  },
  GRU: {
    layer: () => L.gru({ units: 2, name: 'x', ...zeros }),
    names: threes('x', 'x/gru_cell', [['cell', 'gru_cell']]),
  },
  SimpleRNN: {
    layer: () => L.simpleRNN({ units: 2, name: 'x', ...zeros }),
    names: threes('x', 'x/simple_rnn_cell', [['cell', 'simple_rnn_cell']]),
  },
  'RNN of a named cell': {
    layer: () => rnn(L.rnn({ cell: L.lstmCell({ units: 2, ...zeros }), name: 'x' })),
    names: threes('x', 'x/mine', [['cell', 'mine']]),
  },
  Bidirectional: {
    layer: () =>
      L.bidirectional({ layer: rnn(L.lstm({ units: 2, name: 'y', ...zeros })), name: 'x', mergeMode: 'concat' }),
    names: {
      ...threes('x/forward_y', 'x/forward_z/lstm_cell', [
        ['forward_layer', 'forward_z'],
        ['cell', 'lstm_cell'],
      ]),
      ...threes('x/backward_y', 'x/backward_z/lstm_cell', [
        ['backward_layer', 'backward_z'],
        ['cell', 'lstm_cell'],
      ]),
    },
  },
  'stacked cells': {
    layer: () =>
      rnn(
        L.rnn({
          cell: [
            L.lstmCell({ units: 2, ...zeros }),
            L.gruCell({ units: 2, ...zeros }),
            L.lstmCell({ units: 2, ...zeros }),
          ],
          name: 'x',
        }),
      ),
    names: Object.assign(
      {},
      ...['lstm_cell', 'gru_cell', 'lstm_cell_1'].map((cell, i) =>
        threes(`x/RNNCell_${i}`, `x/stacked_rnn_cells/${cell}`, [
          ['cell', 'stacked_rnn_cells'],
          ['cells', ''],
          [cell, cell],
        ]),
      ),
    ),
  },
  'TimeDistributed dense layer': {
    layer: () => L.timeDistributed({ layer: L.dense({ units: 2, name: 'y' }), name: 'x' }),
    names: { 'x/kernel': ['x/head/kernel', [['layer', 'head']], 0], 'x/bias': ['x/head/bias', [['layer', 'head']], 1] },
  },
  'TimeDistributed LSTM': {
    layer: () => L.timeDistributed({ layer: rnn(L.lstm({ units: 2, ...zeros })), name: 'x' }),
    names: threes('x', 'x/lstm/lstm_cell', [
      ['layer', 'lstm'],
      ['cell', 'lstm_cell'],
    ]),
    shape: [2, 4, 3],
  },
};

const build = ({ layer, shape = [4, 3] }: Case): layers.LayersModel => {
  const inputs = layers.input({ shape: [...shape] });
  const flat = L.flatten();
  const x = layer().apply(inputs) as layers.SymbolicTensor;
  const y = x.shape.length > 2 ? (flat.apply(x) as layers.SymbolicTensor) : x;
  return layers.model({ inputs, outputs: L.dense({ units: 2, name: 'head' }).apply(y) as layers.SymbolicTensor });
};

interface Weight {
  readonly name: string;
  readonly shape: number[];
  readonly values: Float32Array;
}
/** A value of its own for every entry. */
function weightsOf(model: layers.LayersModel): Weight[] {
  let next = 0;
  return model.weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape as number[],
    values: Float32Array.from({ length: (shape as number[]).reduce((a, b) => a * b, 1) }, () => ++next / 64),
  }));
}
const loaded = (model: layers.LayersModel): Weight[] =>
  model.weights.map(weight => ({
    name: weight.originalName,
    shape: weight.shape as number[],
    values: weight.read().dataSync() as Float32Array,
  }));

const kerasName = ({ names }: Case, name: string): string => names[name]?.[0] ?? name;

async function hdf5(name: string, fill: (root: Group) => void): Promise<string> {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/made.h5', 'w');
  fill(file);
  file.close();
  await writeFile(join(folder, name), FS.readFile('/made.h5') as Uint8Array);
  return join(folder, name);
}
const into = (group: Group, name: string): Group => (group.get(name) as Group | null) ?? group.create_group(name);

function named(given: Case, weights: readonly Weight[]): (root: Group) => void {
  return root => {
    root.create_attribute('layer_names', ['x', 'head']);
    for (const layer of ['x', 'head']) {
      const group = root.create_group(layer);
      const own = weights
        .map(weight => ({ ...weight, name: kerasName(given, weight.name) }))
        .filter(({ name }) => name.startsWith(`${layer}/`));
      group.create_attribute(
        'weight_names',
        own.map(({ name }) => name),
      );
      for (const { name, shape, values } of own) {
        const parts = name.split('/');
        parts
          .slice(0, -1)
          .reduce(into, group)
          .create_dataset({ name: parts.at(-1)!, data: values, shape });
      }
    }
  };
}
function numbered(given: Case, weights: readonly Weight[]): (root: Group) => void {
  const say = (group: Group, name: string): Group => {
    if (group.get('vars')) return group.get('vars') as Group;
    const vars = group.create_group('vars');
    vars.create_attribute('name', name);
    return vars;
  };
  return root => {
    const all = root.create_group('layers');
    for (const { name, shape, values } of weights) {
      const [layer = ''] = name.split('/');
      const own = given.names[name];
      let group = into(all, layer === 'head' ? 'dense' : 'layer_of_ours');
      say(group, layer);
      for (const [key, says] of own?.[1] ?? []) {
        group = into(group, key);
        if (says !== '') say(group, says);
      }
      const place = own ? own[2] : name.endsWith('bias') ? 1 : 0;
      say(group, layer).create_dataset({ name: `${place}`, data: values, shape });
    }
  };
}

describe.each(Object.entries(cases))('%s', (_, given) => {
  it.each(['.h5', '.weights.h5', 'names of variables', 'names of variables in a model'])(
    'is loaded from %s',
    async format => {
      const model = build(given);
      const weights = weightsOf(model);
      const prefix = format.endsWith('model') ? 'outer/' : '';
      const tensors = format.startsWith('names')
        ? new Map(weights.map(({ name, shape, values }) => [`${prefix}${kerasName(given, name)}:0`, { shape, values }]))
        : await readKerasWeights(await hdf5(`a${format}`, (format === '.h5' ? named : numbered)(given, weights)));
      loadKerasWeights(model, tensors);
      expect(loaded(model)).toEqual(weights);
      model.dispose();
    },
  );

  it('is loaded from model.json', async () => {
    const model = build(given);
    const weights = weightsOf(model);
    const manifest = weights.map(({ name, shape }) => ({ name: kerasName(given, name), shape, dtype: 'float32' }));
    const json = {
      modelTopology: model.toJSON(null, false),
      weightsManifest: [{ paths: ['w.bin'], weights: manifest }],
    };
    await writeFile(join(folder, 'model.json'), JSON.stringify(json));
    await writeFile(join(folder, 'w.bin'), Buffer.concat(weights.map(({ values }) => Buffer.from(values.buffer))));
    const read = await readLayersModel(join(folder, 'model.json'));
    expect(loaded(read).map(({ values }) => values)).toEqual(weights.map(({ values }) => values));
    model.dispose();
    read.dispose();
  });
});

it("a GRU with reset_after=True, Keras's default, is refused with what to do", () => {
  const model = build(cases.GRU!);
  const tensors = new Map(
    weightsOf(model).map(({ name, shape, values }) => [kerasName(cases.GRU!, name), { shape, values }]),
  );
  tensors.set('x/gru_cell/bias', { shape: [2, 6], values: new Float32Array(12) });
  let caught: unknown;
  try {
    loadKerasWeights(model, tensors);
  } catch (error) {
    caught = error;
  }
  expect(EspalierError.isInstance(caught)).toBe(true);
  expect(caught).toMatchObject({ code: 'KERAS_ARCHITECTURE_MISMATCH', layer: 'x', setting: 'reset_after' });
  expect((caught as Error).message).toContain('reset_after=False');
  model.dispose();
});
