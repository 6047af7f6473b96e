import '@tensorflow/tfjs-backend-cpu';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { guardTensors } from '../../testing/guard-tensors.js';
import { modelFromTopology } from './model-from-topology.js';

beforeAll(() => tfc.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const L = tf.layers;
const image = { inputShape: [8, 8, 2] };
/** Nothing random, and nothing that needs chained operations. */
const zeros = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros', unitForgetBias: false } as const;

const stacks: Record<string, () => tf.layers.Layer[]> = {
  'a dense layer': () => [
    L.dense({ name: 'a', units: 3, inputShape: [4], kernelRegularizer: 'l1l2', activation: 'gelu' }),
  ],
  'recurrent layers': () => [
    L.lstm({ name: 'a', units: 3, inputShape: [5, 4], returnSequences: true, ...zeros }),
    L.gru({ name: 'b', units: 2, returnSequences: true, ...zeros }),
    L.simpleRNN({ name: 'c', units: 2, ...zeros }),
  ],
  'layers around layers': () => [
    L.bidirectional({
      name: 'a',
      layer: L.lstm({ name: 'l', units: 3, returnSequences: true, ...zeros }) as tf.RNN,
      inputShape: [5, 4],
      mergeMode: 'concat',
    }),
    L.timeDistributed({ name: 'b', layer: L.dense({ name: 'd', units: 2 }) }),
  ],
  'a stack of cells': () => [
    L.rnn({
      name: 'a',
      cell: [L.lstmCell({ name: 'c', units: 3, ...zeros }), L.gruCell({ name: 'd', units: 2, ...zeros })],
      inputShape: [5, 4],
    } as never),
  ],
  convolutions: () => [
    L.conv2d({ name: 'a', filters: 2, kernelSize: 3, activation: 'swish', ...image }),
    L.separableConv2d({ name: 'b', filters: 3, kernelSize: 2, depthMultiplier: 2 }),
    L.depthwiseConv2d({ name: 'c', kernelSize: 2, depthMultiplier: 2 }),
    L.batchNormalization({ name: 'd' }),
    L.layerNormalization({ name: 'e' }),
    L.prelu({ name: 'f' }),
    L.upSampling2d({ name: 'g', interpolation: 'bilinear' }),
    L.conv2dTranspose({ name: 'h', filters: 2, kernelSize: 2 }),
    L.globalAveragePooling2d({ name: 'i' } as never),
  ],
  'an embedding with a mask': () => [
    L.embedding({ name: 'a', inputDim: 10, outputDim: 4, inputLength: 6, maskZero: true }),
    L.lstm({ name: 'b', units: 2, ...zeros }),
  ],
};

it.each(Object.entries(stacks))(
  '%s: topology and weights give the network back, with names and values',
  async (_, make) => {
    const model = tf.sequential({ layers: make() });
    for (const [i, weight] of model.weights.entries()) {
      const drawn = tfc.randomUniform(weight.shape as number[], 0, 1, 'float32', i + 1);
      weight.write(drawn);
      drawn.dispose();
    }
    const shapes = new Map(
      model.weights.map(({ originalName, shape }) => [originalName, { shape: shape as number[] }]),
    );
    const topology = JSON.parse(JSON.stringify(model.toJSON(null, false))) as unknown;
    const back = await modelFromTopology(topology, shapes, built => {
      expect(built.weights.map(weight => weight.originalName)).toEqual([...shapes.keys()]);
      for (const [i, weight] of built.weights.entries()) weight.write(model.weights[i]!.read());
    });
    const [, ...shape] = model.inputs[0]!.shape as number[];
    const input = tfc.tidy(() => tfc.floor(tfc.randomUniform([2, ...shape], 0, 3, 'float32', 9)));
    const [expected, actual] = [model, back].map(each => each.predict(input) as tfc.Tensor);
    expect([...(await actual!.data())]).toEqual([...(await expected!.data())]);
    tfc.dispose([expected!, actual!, input]);
    model.dispose();
    back.dispose();
  },
);

it('what fill throws comes through, and the model is gone', async () => {
  const layer = { class_name: 'Dense', config: { name: 'head', units: 2, batch_input_shape: [null, 4] } };
  const topology = { class_name: 'Sequential', config: { name: 'net', layers: [layer] } };
  const weights = new Map([
    ['head/kernel', { shape: [4, 2] }],
    ['head/bias', { shape: [2] }],
  ]);
  const before = tfc.memory().numTensors;
  const built = modelFromTopology(topology, weights, async model => {
    expect(model.countParams()).toBe(10);
    throw new Error('no disk');
  });
  await expect(built).rejects.toThrow('no disk');
  expect(tfc.memory().numTensors).toBe(before);
});

it('addWeight is that of TensorFlow.js again after a refusal', async () => {
  const own = (tf.layers.Layer.prototype as unknown as { addWeight: unknown }).addWeight;
  const layer = { class_name: 'Dense', config: { name: 'head', units: 400_000, batch_input_shape: [null, 4] } };
  const topology = { class_name: 'Sequential', config: { name: 'net', layers: [layer] } };
  const built = modelFromTopology(topology, new Map([['head/kernel', { shape: [4, 2] }]]), () => {});
  await expect(built).rejects.toMatchObject({ code: 'TOPOLOGY_WEIGHTS_MISMATCH' });
  await expect(built).rejects.toThrow(
    /"head\/kernel" as \[4, 400000\] of float32, but the one that is stored is \[4, 2\]/,
  );
  expect((tf.layers.Layer.prototype as unknown as { addWeight: unknown }).addWeight).toBe(own);
});

it.each(['Sequential', 'Functional'])(
  'a shape of inputs at a layer that is given outputs means nothing in a %s network, and is not warned of',
  async class_name => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const entry = (name: string, units: number, side: number, from?: string): object => ({
      class_name: 'Dense',
      name,
      config: { name, units, use_bias: false, batch_input_shape: [null, side] },
      inbound_nodes: from === undefined ? [] : [[[from, 0, 0, {}]]],
    });
    // as ml5's DoodleNet has it: the second layer says the shape of the first
    const input = {
      class_name: 'InputLayer',
      name: 'in',
      config: { name: 'in', batch_input_shape: [null, 4] },
      inbound_nodes: [],
    };
    const config =
      class_name === 'Sequential'
        ? { name: 'net', layers: [entry('a', 3, 4), entry('b', 2, 4)] }
        : {
            name: 'net',
            layers: [input, entry('a', 3, 4, 'in'), entry('b', 2, 4, 'a')],
            input_layers: [['in', 0, 0]],
            output_layers: [['b', 0, 0]],
          };
    const shapes = new Map([
      ['a/kernel', { shape: [4, 3] }],
      ['b/kernel', { shape: [3, 2] }],
    ]);
    try {
      const model = await modelFromTopology({ class_name, config } as never, shapes, built => {
        for (const weight of built.weights) tfc.tidy(() => void weight.write(tfc.ones(weight.shape as number[])));
      });
      const output = tfc.tidy(() => [...(model.predict(tfc.ones([1, 4])) as tfc.Tensor).dataSync()]);
      expect(output).toEqual([12, 12]); // 4 · 1, three times
      expect(warn.mock.calls).toEqual([]);
      model.dispose();
    } finally {
      warn.mockRestore();
    }
  },
);
