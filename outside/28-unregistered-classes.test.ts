import '@tensorflow/tfjs-backend-cpu';
import { toModel } from '@espalier/core/tfjs';
import { readLayersModel } from '@espalier/models/node';
import { graphFromTopology } from '@espalier/runtime';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import {
  checkpointOf,
  failure,
  type Layer,
  layer,
  modelFile,
  outputOf,
  sequential,
  type Weights,
} from './model-files.js';

const kernel: Weights = { 'dense/kernel': [[1, 1], [2]] };
const dense = (config: object): Layer => sequential([1], layer('Dense', { units: 1, use_bias: false, ...config }));
const mine = { class_name: 'Mine', config: {} };

it.each<[string, string, Layer]>([
  ['layer', 'Mine', sequential([1], layer('Mine'))],
  ['layer', 'Mine', { class_name: 'Sequential', config: { name: 'n', layers: [sequential([1], layer('Mine'))] } }],
  ['layer', 'Mine', sequential([3, 1], layer('TimeDistributed', { layer: layer('Mine') }))],
  ['layer', 'TFOpLambda', sequential([1], layer('TFOpLambda', { function: 'math.add' }))],
  ['layer', 'SpatialDropout2D', sequential([2, 2, 1], layer('SpatialDropout2D', { rate: 0.5 }))],
  ['activation', 'Mine', dense({ activation: mine })],
  ['activation', 'exponential', dense({ activation: 'exponential' })],
  ['activation', 'squareplus', sequential([1], layer('Activation', { activation: 'squareplus' }))],
  ['initializer', 'Mine', dense({ kernel_initializer: mine })],
  ['regularizer', 'Mine', dense({ kernel_regularizer: mine })],
  ['constraint', 'Mine', dense({ kernel_constraint: mine })],
])('the %s %s, which nobody registered, is named with what to do', async (kind, className, model) => {
  const path = await modelFile(model, kernel);
  for (const run of [() => toModel(checkpointOf(model, kernel)), () => readLayersModel(path)]) {
    const { error, tensors } = await failure(run);
    expect(error.code).toBe('UNREGISTERED_CLASS');
    expect(error.message).toContain(`${kind} "${className}"`);
    expect(error.message).toContain('tf.serialization.registerClass');
    expect(tensors).toBe(0);
  }
});

it('the runtime names layers and activations that it has not', () => {
  for (const [model, word] of [
    [sequential([1], layer('Mine')), 'Mine'],
    [dense({ activation: mine }), 'Mine'],
    [dense({ activation: 'squareplus' }), 'squareplus'],
  ] as const) {
    const { model: topology, weights } = checkpointOf(model, kernel) as { model: never; weights: never };
    expect(() => graphFromTopology(topology, weights)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_LAYERS', message: expect.stringContaining(word) as string }),
    );
  }
});

class Scale extends layers.layers.Layer {
  static readonly className = 'OutsideScale';
  #factor: layers.LayerVariable | undefined;
  readonly power: number;
  constructor(config: { power: number }) {
    super(config as object);
    this.power = config.power;
  }
  override build(): void {
    this.#factor = this.addWeight('factor', [1], 'float32', layers.initializers.ones());
    super.build([]);
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() =>
      tf.pow(tf.mul([inputs].flat()[0] as tf.Tensor, (this.#factor as layers.LayerVariable).read()), this.power),
    );
  }
}

it('once registered, a class of one is built with its options and its weights', async () => {
  tf.serialization.registerClass(Scale as never);
  const model = sequential([1], layer('OutsideScale', { power: 2 }));
  const weights: Weights = { 'outsidescale/factor': [[1], [3]] };
  for (const made of [
    await toModel(checkpointOf(model, weights)),
    await readLayersModel(await modelFile(model, weights)),
  ]) {
    expect(outputOf(made, [2])[0]).toBeCloseTo(36, 4); // (2 · 3)²
    made.dispose();
  }
});
