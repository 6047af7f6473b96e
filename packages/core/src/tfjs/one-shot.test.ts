import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { global } from '../distribution/global.js';
import { uniform } from '../distribution/uniform.js';
import { CheckpointMismatchError, CorruptCheckpointError } from '../errors/checkpoint-errors.js';
import { InvalidOptionError, ShapeMismatchError, UnknownLayerError } from '../errors/option-errors.js';
import { activeMagnitude } from '../mask/criterion.js';
import { bitsOf, maskOf } from '../testing/mask-of.js';
import { toModel } from './building/to-model.js';
import { applyMasks } from './one-shot/apply-masks.js';
import { pruneOnce } from './one-shot/prune-once.js';
import { loadWeights } from './session/checkpoint/load-weights.js';
import { weightsOf } from './weights/weights-of.js';

beforeAll(() => tf.setBackend('cpu'));

async function withVariables(
  body: (a: tf.Variable, b: tf.Variable, bias: tf.Variable) => Promise<void>,
): Promise<void> {
  const before = tf.memory().numTensors;
  const a = tf.tidy(() => tf.variable(tf.tensor2d([1, -8, 3, -4], [2, 2])));
  const b = tf.tidy(() => tf.variable(tf.tensor2d([0.5, 6, -7, 0.25], [2, 2])));
  const bias = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 0.1])));
  await body(a, b, bias);
  tf.dispose([a, b, bias]);
  expect(tf.memory().numTensors).toBe(before);
}
const values = async (variable: tf.Variable): Promise<number[]> => Array.from(await variable.data());

describe('pruneOnce', () => {
  it('keeps the largest entries of all layers together, and returns the masks', async () => {
    await withVariables(async (a, b, bias) => {
      // |w|: 1 8 3 4 and 0.5 6 7 0.25; half of 8 entries stay: 8, 7, 6, 4.
      const masks = await pruneOnce(weightsOf({ a, b, bias }), activeMagnitude, 0.5, global);
      expect(bitsOf(masks.get('a')!)).toBe('0101');
      expect(bitsOf(masks.get('b')!)).toBe('0110');
      expect([await values(a), await values(b)]).toEqual([
        [0, -8, 0, -4],
        [0, 6, -7, 0],
      ]);
      expect((await values(bias)).every(value => value !== 0)).toBe(true);
    });
  });

  it('prunes a sparse model further without losing count', async () => {
    await withVariables(async (a, b) => {
      const weights = weightsOf({ a, b });
      await pruneOnce(weights, activeMagnitude, 0.5, uniform);
      const masks = await pruneOnce(weights, activeMagnitude, 0.75, uniform);
      expect(bitsOf(masks.get('a')!)).toBe('0100');
      expect(await values(b)).toEqual([0, 0, -7, 0]);
    });
  });

  it('refuses sparsity 1', async () => {
    await withVariables(async a => {
      await expect(pruneOnce(weightsOf({ a }), activeMagnitude, 1, uniform)).rejects.toThrow(InvalidOptionError);
    });
  });
});

describe('applyMasks', () => {
  it('sets masked entries to 0, NaN included', async () => {
    await withVariables(async (a, b) => {
      tf.tidy(() => void a.assign(tf.tensor2d([Number.NaN, 2, 3, 4], [2, 2])));
      applyMasks(weightsOf({ a, b }), new Map([['a', maskOf('0110')]]));
      expect(await values(a)).toEqual([0, 2, 3, 0]);
      expect(await values(b)).toEqual([0.5, 6, -7, 0.25]);
    });
  });

  it('changes nothing if a mask is wrong', async () => {
    await withVariables(async (a, b, bias) => {
      const apply = (masks: Record<string, Uint8Array>): void => {
        applyMasks(weightsOf({ a, b, bias }), new Map([['a', maskOf('0000')], ...Object.entries(masks)]));
      };
      expect(() => apply({ bias: maskOf('11') })).toThrow(UnknownLayerError);
      expect(() => apply({ b: maskOf('11') })).toThrow(ShapeMismatchError);
      expect(() => apply({ b: Uint8Array.of(1, 1, 9, 1) })).toThrow(InvalidOptionError);
      expect(await values(a)).toEqual([1, -8, 3, -4]);
    });
  });
});

const stored = (shape: number[], list: number[]) => ({ shape, values: Float32Array.from(list), trainable: true });

describe('loadWeights', () => {
  it('writes by name, or nothing at all', async () => {
    await withVariables(async (a, b) => {
      const weights = new Map([
        ['b', stored([2, 2], [5, 6, 7, 8])],
        ['a', stored([2, 2], [1, 2, 3, 4])],
      ]);
      loadWeights(weightsOf({ a, b }), { weights });
      expect([await values(a), await values(b)]).toEqual([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]);
      const wrong = new Map([
        ...weights,
        ['b', stored([4], [0, 0, 0, 0])] as const,
        ['a', stored([2, 2], [0, 0, 0, 0])] as const,
      ]);
      expect(() => loadWeights(weightsOf({ a, b }), { weights: wrong })).toThrow(CheckpointMismatchError);
      expect(await values(a)).toEqual([1, 2, 3, 4]);
    });
  });
});

describe('toModel', () => {
  const topology = (): Checkpoint['model'] => {
    const model = sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [2] })] });
    const json = JSON.parse(JSON.stringify(model.toJSON(null, false))) as Checkpoint['model'];
    model.dispose();
    return json;
  };
  const weights = new Map([
    ['head/kernel', stored([2, 2], [1, 0, 0, 2])],
    ['head/bias', stored([2], [3, 4])],
  ]);

  it('rebuilds the network with the weights of the checkpoint', async () => {
    const before = tf.memory().numTensors;
    const model = await toModel({ model: topology(), weights });
    const output = tf.tidy(() => model.predict(tf.tensor2d([[10, 20]])) as tf.Tensor);
    // 10·1 + 20·0 + 3 = 13 and 10·0 + 20·2 + 4 = 44.
    expect(Array.from(await output.data())).toEqual([13, 44]);
    output.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses checkpoints without a topology, with a broken one, and with other weights', async () => {
    const before = tf.memory().numTensors;
    await expect(toModel({ model: null, weights })).rejects.toThrow(/holds no topology/);
    await expect(toModel({ model: { class_name: 'Dense', config: { name: 'head' } }, weights })).rejects.toThrow(
      CorruptCheckpointError,
    );
    const unknown = toModel({ model: { class_name: 'Mine', config: {} }, weights });
    await expect(unknown).rejects.toMatchObject({ code: 'UNREGISTERED_CLASS', className: 'Mine', kind: 'layer' });
    await expect(unknown).rejects.toThrow(/tf\.serialization\.registerClass/);
    const other = new Map([['head/kernel', stored([2, 2], [1, 2, 3, 4])]]);
    await expect(toModel({ model: topology(), weights: other })).rejects.toThrow(CheckpointMismatchError);
    expect(tf.memory().numTensors).toBe(before);
  });
});
