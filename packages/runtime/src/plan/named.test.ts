import '@tensorflow/tfjs-backend-cpu';
import { decodeCheckpoint, encodeCheckpoint, fixed } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import * as L from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomizeWeights, relativeError } from '../../test/graph/build-model.js';
import { interpretAll } from '../../test/graph/interpret.js';
import { noise } from '../../test/plan/compare.js';
import { graphFromCheckpoint } from '../graph/graph-from-checkpoint.js';
import { simplify } from '../graph/simplify.js';
import { fromLayersModel } from '../tfjs/from-layers-model.js';
import { compile } from './compile.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const on = (layer: L.layers.Layer, x: L.SymbolicTensor | L.SymbolicTensor[]): L.SymbolicTensor =>
  layer.apply(x) as L.SymbolicTensor;

/** Two images and a vector in; an image, a vector, and what a convolution gives before its activation out. */
function manyEnds(): L.LayersModel {
  const left = L.input({ shape: [9, 7, 3], name: 'left' });
  const right = L.input({ shape: [9, 7, 2], name: 'right' });
  const gate = L.input({ shape: [4], name: 'gate' });
  const sums = on(L.layers.conv2d({ name: 'sums', filters: 4, kernelSize: 3, padding: 'same' }), left);
  const other = on(L.layers.conv2d({ name: 'other', filters: 4, kernelSize: 1 }), right);
  const image = on(L.layers.multiply({ name: 'image' }), [on(L.layers.reLU({ name: 'relu' }), sums), gate]);
  const joined = on(L.layers.add({ name: 'joined' }), [image, other]);
  const logits = on(L.layers.dense({ name: 'dense', units: 3 }), on(L.layers.globalAveragePooling2d({}), joined));
  const last = on(L.layers.dropout({ name: 'logits', rate: 0.5 }), logits);
  return L.model({ inputs: [left, right, gate], outputs: [last, image, sums] });
}

describe('a plan of several inputs and outputs', () => {
  it.each([1, 2])('gives what TensorFlow.js gives by name, for a batch, on %d threads', async threads => {
    const before = tf.memory().numTensors;
    const model = manyEnds();
    randomizeWeights(model, 3);
    const sizes = { left: [9, 7, 3], right: [9, 7, 2], gate: [4] };
    const inputs = Object.fromEntries(
      Object.entries(sizes).map(([name, shape], index) => [
        name,
        noise(
          shape.reduce((product, side) => product * side, 2),
          index,
        ),
      ]),
    );
    const outputs = tf.tidy(() =>
      (
        model.predict(
          Object.entries(sizes).map(([name, shape]) => tf.tensor(inputs[name]!, [2, ...shape])),
        ) as tf.Tensor[]
      ).map(output => output.dataSync() as Float32Array),
    );
    const graph = await fromLayersModel(model);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const plan = await compile(graph, { threads });
    expect(plan.inputs).toEqual(Object.entries(sizes).map(([name, shape]) => ({ name, shape })));
    expect(plan.outputs.map(({ name }) => name)).toEqual(['logits', 'image', 'sums']);
    const results = await plan.runNamed(inputs, { batch: 2 });
    expect(Object.keys(results)).toEqual(['logits', 'image', 'sums']);
    for (const [index, result] of Object.values(results).entries())
      expect(relativeError(result, outputs[index]!)).toBeLessThan(1e-4);
    const firsts = Object.values(inputs).map(values => values.subarray(0, values.length / 2));
    for (const [index, result] of interpretAll(simplify(graph), firsts).entries())
      expect(relativeError(result, outputs[index]!.subarray(0, result.length))).toBeLessThan(1e-4);
    // Images are [channels, height, width] in and out; vectors stay.
    const planes = (values: Float32Array, channels: number): Float32Array =>
      Float32Array.from(values, (_, i) => values[(i % 63) * channels + Math.floor(i / 63)]!);
    const named = { left: planes(firsts[0]!, 3), right: planes(firsts[1]!, 2), gate: firsts[2]! };
    const turned = await plan.runNamed(named, { layout: 'nchw' });
    expect(turned.sums).toEqual(planes(results.sums!.subarray(0, 9 * 7 * 4), 4));
    expect(
      (await plan.profile(Object.fromEntries(Object.keys(sizes).map((name, i) => [name, firsts[i]!]))))[0]?.name,
    ).toBe('(input)');
    await plan.dispose();
  });

  it('refuses inputs that are missing, unknown, or not by name, and names those that there are', async () => {
    const model = manyEnds();
    const plan = await compile(await fromLayersModel(model), { threads: 1 });
    model.dispose();
    const [left, right, gate] = [9 * 7 * 3, 9 * 7 * 2, 4].map(length => new Float32Array(length));
    const refusal = async (given: unknown): Promise<unknown> =>
      plan.runNamed(given as never).catch((error: unknown) => (error as { code: string; message: string }).message);
    expect(await refusal({ left, right })).toMatch(/Input "gate" must be a Float32Array/);
    expect(await refusal({ left, right, gate, more: gate })).toMatch(/no input "more".*"left", "right", "gate"/);
    expect(await refusal({ left, right, gate: left })).toMatch(
      /Input "gate" has 189 entries, but the plan takes \[4\]/,
    );
    expect(await refusal(left)).toMatch(/object of Float32Arrays by name/);
    expect(await refusal({ left, right, gate: [1, 2, 3, 4] })).toMatch(/Input "gate" must be a Float32Array/);
    await expect(plan.run(left!)).rejects.toThrow(/gives 3 results, "logits", "image", "sums". Use runNamed/);
    await plan.dispose();
  });
});

describe('inputShape', () => {
  const open = (): L.LayersModel =>
    L.sequential({
      layers: [
        L.layers.conv2d({ name: 'conv', filters: 3, kernelSize: 3, inputShape: [null, null, 2] as never }),
        L.layers.upSampling2d({ name: 'up' }),
        L.layers.globalMaxPooling2d({ name: 'pool' }),
      ],
    });

  it.each([
    [5, 8],
    [12, 3],
  ])('fixes open sizes at %d x %d, from models and from checkpoints', async (height, width) => {
    const model = open();
    randomizeWeights(model, 2);
    const optimizer = tf.train.sgd(0.1);
    const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
    const bytes = encodeCheckpoint(await session.checkpoint({ model }));
    session.dispose();
    optimizer.dispose();
    const image = noise(height * width * 2, 4);
    const expected = tf.tidy(() => (model.predict(tf.tensor(image, [1, height, width, 2])) as tf.Tensor).dataSync());
    const inputShape = [height, width, 2];
    const graph = await fromLayersModel(model, { inputShape });
    const plans = [
      await compile(graph, { threads: 1 }),
      await compile(bytes, { threads: 1, inputShape: { [graph.input.name]: inputShape } }),
      await compile(graphFromCheckpoint(decodeCheckpoint(bytes), { inputShape }), { threads: 1 }),
    ];
    for (const plan of plans) {
      expect(plan.inputShape).toEqual(inputShape);
      expect(relativeError(await plan.run(image), expected as Float32Array)).toBeLessThan(1e-4);
      await plan.dispose();
    }
    model.dispose();
  });

  it('is refused where it does not fit, and asked for where it is missing', async () => {
    const model = open();
    const read = (inputShape?: unknown): Promise<unknown> =>
      fromLayersModel(model, { inputShape: inputShape as never });
    await expect(read()).rejects.toThrow(/\[unknown, unknown, 2\].*Give the sizes in inputShape/);
    for (const wrong of [[5, 5], [5, 5, 3], [0, 5, 2], {}, { elsewhere: [5, 5, 2] }, 'large'])
      await expect(read(wrong)).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'inputShape' });
    const graph = await fromLayersModel(model, { inputShape: [5, 5, 2] });
    model.dispose();
    await expect(compile(graph, { inputShape: [5, 5, 2] })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
