import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../src/graph/graph.js';
import { expectClose } from '../src/operations/testing/close.js';
import { compile } from '../src/plan/compile.js';
import { noise, predicted } from '../src/plan/testing/compare.js';
import { fromLayersModel } from '../src/tfjs/from-layers-model.js';
import { buildModel, randomInput } from './graph/build-model.js';
import { modelRecipe } from './graph/random-models.js';

await tf.setBackend('cpu');

const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
/** One to three values that are not finite, and where they go, modulo the length. */
const spoilers = fc.array(fc.tuple(fc.nat(), notFinite), { minLength: 1, maxLength: 3 });

function spoiled(values: Float32Array, list: readonly (readonly [where: number, value: number])[]): Float32Array {
  const copy = values.slice();
  for (const [where, value] of list) copy[where % copy.length] = value;
  return copy;
}

/** Puts something in place of every weight that is 0: a zero would take no part. */
async function withoutZeros(model: layers.LayersModel): Promise<void> {
  const values = await Promise.all(
    model.getWeights().map(async weight => [await weight.data(), weight.shape] as const),
  );
  const filled = values.map(([data, shape]) =>
    tf.tensor(
      data.map(value => value || 0.25),
      shape,
    ),
  );
  model.setWeights(filled);
  tf.dispose(filled);
}

/** A convolution with normalisation, and a dense layer. */
function small(): layers.LayersModel {
  return layers.sequential({
    layers: [
      layers.layers.conv2d({ inputShape: [6, 6, 2], filters: 3, kernelSize: 3 }),
      layers.layers.batchNormalization(),
      layers.layers.reLU(),
      layers.layers.globalAveragePooling2d({}),
      layers.layers.dense({ units: 3 }),
    ],
  });
}

/** Puts a value into one of the weights whose names `takes` accepts. */
async function change(
  model: layers.LayersModel,
  takes: (name: string) => boolean,
  which: number,
  spoiler: readonly [where: number, value: number],
): Promise<void> {
  const chosen = model.weights.filter(({ originalName }) => takes(originalName));
  const target = chosen[which % chosen.length];
  const values = model.getWeights();
  const changed = await Promise.all(
    model.weights.map(async (weight, at) => {
      const data = (await values[at]!.data()) as Float32Array;
      return tf.tensor(weight === target ? spoiled(data, [spoiler]) : data, values[at]!.shape);
    }),
  );
  model.setWeights(changed);
  tf.dispose(changed);
}

/** A maximum over single pixels, which TensorFlow.js does not compute but hands on. */
const takesPixelsAsMaximum = (layer: layers.layers.Layer): boolean =>
  layer.getClassName() === 'MaxPooling2D' && String(layer.getConfig().poolSize) === '1,1';

/** Compares a plan with its model, NaN for NaN and infinity for infinity, and both images of a batch. */
async function agrees(model: layers.LayersModel, threads: number, change: (clean: Float32Array) => Float32Array) {
  const plan = await compile(await fromLayersModel(model), { threads });
  const clean = randomInput(
    plan.inputShape.reduce((product, length) => product * length, 1),
    7,
  );
  const batch = Float32Array.of(...change(clean), ...clean);
  expectClose(await plan.run(batch, { batch: 2 }), await predicted(model, batch));
  await plan.dispose();
  model.dispose();
}

describe('NaN and infinities', () => {
  it.each([1, 2])(
    'in an input of a random network without zero weights come out as in TensorFlow.js, on %d threads',
    threads =>
      fc.assert(
        fc.asyncProperty(modelRecipe, spoilers, async (recipe, list) => {
          const before = tf.memory().numTensors;
          const model = buildModel(recipe);
          if (model.layers.some(takesPixelsAsMaximum)) {
            model.dispose();
            return;
          }
          await withoutZeros(model);
          await agrees(model, threads, clean => spoiled(clean, list));
          expect(tf.memory().numTensors).toBe(before);
        }),
        { numRuns: threads === 1 ? 150 : 40 },
      ),
  );

  it('in a kernel or a bias come out as in TensorFlow.js', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), notFinite, async (which, where, value) => {
        const model = small();
        await change(model, name => /kernel|bias/.test(name), which, [where, value]);
        await agrees(model, 1, clean => clean);
      }),
      { numRuns: 60 },
    ));

  it('leave no trace in later runs', async () => {
    const model = layers.sequential({
      layers: [
        layers.layers.conv2d({ inputShape: [9, 9, 3], filters: 5, kernelSize: 3, padding: 'same', activation: 'relu' }),
        layers.layers.maxPooling2d({ poolSize: 2 }),
        layers.layers.flatten(),
        layers.layers.dense({ units: 4 }),
      ],
    });
    const plan = await compile(await fromLayersModel(model), { threads: 2 });
    const clean = noise(9 * 9 * 3, 1);
    const expected = await plan.run(clean);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      await plan.run(clean.map(() => value));
      expect(await plan.run(clean)).toEqual(expected);
    }
    await plan.dispose();
    model.dispose();
  });
});

/** Where results differ from those of TensorFlow.js on `cpu`; docs/guide/run-it.md says so. */
describe('exceptions', () => {
  /** A dense layer of eight inputs and one output. */
  const dense = (...kernel: number[]): Graph => ({
    input: { name: 'x', shape: [8] },
    nodes: [
      { kind: 'dense', name: 'y', inputs: ['x'], shape: [1], kernel: Float32Array.from(kernel), activation: 'linear' },
    ],
    output: 'y',
  });
  const infinite = Float32Array.of(Number.POSITIVE_INFINITY, 1, 1, 1, 1, 1, 1, 1);

  async function result(graph: Graph, input: Float32Array): Promise<number[]> {
    const plan = await compile(graph, { threads: 1 });
    const values = [...(await plan.run(input))];
    await plan.dispose();
    return values;
  }

  it('a zero among few weights takes no part, where TensorFlow.js makes NaN of 0 times infinity', async () => {
    const kernel = [0, 3, 0, 0, 0, 0, 0, 0];
    expect(await result(dense(...kernel), infinite)).toEqual([3]);
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(infinite, [1, 8]), tf.tensor2d(kernel, [8, 1])).dataSync());
    expect([...product]).toEqual([Number.NaN]);
  });

  it('a zero among many weights of a dense layer takes part, as in TensorFlow.js', async () => {
    expect(await result(dense(0, 3, 1, 1, 1, 1, 1, 1), infinite)).toEqual([Number.NaN]);
  });

  it('the padding of a convolution takes part: an infinite weight makes NaN of it', async () => {
    const graph: Graph = {
      input: { name: 'x', shape: [1, 1, 1] },
      nodes: [
        {
          kind: 'convolution',
          name: 'y',
          inputs: ['x'],
          shape: [1, 1, 1],
          kernel: Float32Array.of(Number.POSITIVE_INFINITY, 2),
          kernelShape: [2, 1, 1, 1],
          strides: [1, 1],
          dilations: [1, 1],
          padding: { top: 1, bottom: 0, left: 0, right: 0 },
          groups: 1,
          activation: 'linear',
        },
      ],
      output: 'y',
    };
    expect(await result(graph, Float32Array.of(1))).toEqual([Number.NaN]);
  });

  it('a maximum over single pixels with a stride passes over NaN as every maximum does, where TensorFlow.js hands it on', async () => {
    const padding = { top: 0, bottom: 0, left: 0, right: 0 };
    const shape = [1, 1, 1] as const;
    const window = { mode: 'max', size: [1, 1], strides: [1, 2], padding } as const;
    const pool = { kind: 'pool', name: 'y', inputs: ['x'], shape, ...window } as const;
    const graph: Graph = { input: { name: 'x', shape }, nodes: [pool], output: 'y' };
    expect(await result(graph, Float32Array.of(Number.NaN))).toEqual([Number.NEGATIVE_INFINITY]);
  });

  it('an infinite scale of normalisation is applied to every product, so that infinities of both signs meet', async () => {
    const model = small();
    await change(model, name => name.endsWith('gamma'), 0, [0, Number.POSITIVE_INFINITY]);
    const plan = await compile(await fromLayersModel(model), { threads: 1 });
    const image = noise(6 * 6 * 2, 3);
    expect((await plan.run(image)).every(Number.isNaN)).toBe(true);
    await plan.dispose();
    model.dispose();
  });
});
