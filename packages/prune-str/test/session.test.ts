import { countOnes, keptCount, type LayerView, type PruningMethod } from '@espalier/core';
import { supportedOptimizers, toyModel } from '@espalier/core/testing';
import { disposeOptimizer, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { predictThreshold, type SoftThresholdOptions, softThreshold } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The method, shown to `look` after every step until it bakes; nothing else about it changes. */
function watched(options: SoftThresholdOptions, look: (layers: readonly LayerView[]) => void): PruningMethod<null> {
  const method = softThreshold(options);
  return {
    ...method,
    plan: ({ position }) => (position <= options.end ? { observe: { kind: 'weights' } } : {}),
    decide(view, state) {
      look(view.layers);
      return method.plan(view.clock, state).observe ? method.decide(view, state) : { state };
    },
  };
}

/** A whole run on the toy model; `after` sees the session after each step. */
async function run(
  method: PruningMethod<null>,
  steps: number,
  options: { optimizer?: () => tf.Optimizer; weightDecay?: number } = {},
  after: (session: PruningSession<null>, weights: ReadonlyMap<string, Float32Array>) => void = () => {},
): Promise<void> {
  const before = tf.memory().numTensors;
  const model = toyModel();
  const optimizer = options.optimizer?.() ?? tf.train.sgd(0.1);
  const { weightDecay = 0 } = options;
  const session = await PruningSession.start(method, { weights: model.weights, optimizer, weightDecay });
  while (session.clock.position < steps) {
    await session.step(model.loss);
    const values = model.weights.map(async ({ name, variable }) => [name, (await variable.data()).slice()] as const);
    after(session, new Map(await Promise.all(values)) as ReadonlyMap<string, Float32Array>);
  }
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

const thresholdsOf = (layers: readonly LayerView[]): (number | undefined)[] =>
  layers.map(({ parameters }) => parameters?.threshold);

describe('softThreshold in a session', () => {
  it.each([
    ['without momentum', 0, () => tf.train.sgd(0.1)],
    ['with momentum', 0.9, () => tf.train.momentum(0.1, 0.9)],
  ])('str S3: where the data moves nothing, s decays as predicted, %s', async (_, momentum, optimizer) => {
    const seen: (number | undefined)[][] = [];
    const settings = { initialThreshold: -3200, thresholdDecay: 0.01 };
    const method = watched({ end: 29, ...settings }, layers => seen.push(thresholdsOf(layers)));
    await run(method, 30, { optimizer });
    const path = predictThreshold({ steps: 30, learningRate: 0.1, momentum, ...settings });
    if (momentum === 0) expect(path.at(-1)).toBeCloseTo(-3200 * (1 - 0.1 * 0.01) ** 30, 6);
    expect(seen.length).toBe(30);
    seen.forEach((thresholds, step) => {
      for (const s of thresholds) expect((s ?? 0) / (path[step + 1] ?? 1)).toBeCloseTo(1, 5); // 30 roundings of 6e-8
    });
  });

  it('str S8: weight decay goes through the raw weights, also under the threshold, and not through the shrunk ones', async () => {
    // g = sigmoid(5) = 0.993: no toy weight but the largest gets a gradient; the others shrink by 1 − 0.1 · 0.5 a step.
    const raws: Float32Array[] = [];
    const method = watched({ end: 1, initialThreshold: 5, thresholdDecay: 0 }, ([hidden]) => {
      raws.push(hidden?.raw?.slice() ?? new Float32Array());
    });
    await run(method, 2, { weightDecay: 0.5 });
    const [first, second] = raws;
    const small = [...(first ?? [])].flatMap((value, i) => (Math.abs(value) < 0.9 ? [i] : []));
    expect(small.length).toBeGreaterThan(30);
    for (const i of small) expect((second?.[i] ?? 0) / (first?.[i] ?? 1)).toBeCloseTo(0.95, 5);
  });

  it('str S1, str S6: without a threshold equals the bare optimizer bit for bit; biases are never shrunk', async () => {
    const model = toyModel();
    const optimizer = tf.train.momentum(0.1, 0.9);
    const trained = model.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable);
    for (let i = 0; i < 5; i++) optimizer.minimize(model.loss, false, trained);
    const bare = new Map<string, number[]>();
    for (const { name, variable } of model.weights) bare.set(name, [...(await variable.data())]);
    disposeOptimizer(optimizer);
    model.dispose();

    let last: ReadonlyMap<string, Float32Array> = new Map();
    await run(softThreshold({ end: 9 }), 5, { optimizer: () => tf.train.momentum(0.1, 0.9) }, (_, weights) => {
      last = weights;
    });
    expect(new Map([...last].map(([name, values]) => [name, [...values]]))).toEqual(bare);

    // Under a threshold of 0.5 most kernel entries are 0, and the biases, all below it, are not.
    await run(softThreshold({ end: 9, initialThreshold: 0, thresholdDecay: 0 }), 5, {}, (_, weights) => {
      const bias = weights.get('head/bias') ?? new Float32Array();
      expect([...bias].every(value => value !== 0 && Math.abs(value) < 0.5)).toBe(true);
      expect(weights.get('hidden/kernel')?.filter(value => value === 0).length).toBeGreaterThan(20);
    });
  });

  it('learns a threshold for each layer, and bakes what came of it: zeros as masks, which hold from then on', async () => {
    let before: readonly LayerView[] = [];
    let masks: ReadonlyMap<string, Uint8Array> = new Map();
    const options = { end: 11, initialThreshold: -3, thresholdDecay: 0.3 };
    const method = watched(options, layers => {
      before = layers;
    });
    await run(method, 20, {}, (session, weights) => {
      const { position } = session.clock;
      expect(session.phase).toBe(position <= 11 ? 'soft' : 'baked');
      if (position < 12) expect(session.sparsity).toBe(0);
      if (position < 12) return;
      if (position === 12) masks = new Map([...session.masks].map(([name, mask]) => [name, mask.slice()]));
      for (const [name, mask] of masks) {
        const values = [...(weights.get(name) ?? [])];
        expect(session.masks.get(name)).toEqual(mask);
        expect(values.filter((value, i) => !mask[i] && value !== 0)).toEqual([]);
        if (position === 12) expect(values.map(value => (value === 0 ? 0 : 1))).toEqual([...mask]);
      }
    });
    const [hidden, head] = thresholdsOf(before);
    expect(hidden).not.toBe(head);
    for (const s of [hidden, head]) expect(s).toBeGreaterThan(-3);
    const masked = [...masks.values()].map(mask => mask.length - countOnes(mask));
    for (const zeros of masked) expect(zeros).toBeGreaterThan(0);
  });

  it('moves all thresholds by the same amount under the controller, and ends at exactly its sparsity with real zeros', async () => {
    const seen: (number | undefined)[][] = [];
    const options = { end: 16, sparsity: 0.75, cadence: { start: 0, every: 4 }, initialThreshold: -5 };
    const zeros: number[] = [];
    const method = watched({ ...options, thresholdDecay: 0.01 }, layers => seen.push(thresholdsOf(layers)));
    await run(method, 20, {}, (session, weights) => {
      const kernels = [...session.masks.keys()].flatMap(name => [...(weights.get(name) ?? [])]);
      zeros.push(kernels.filter(value => value === 0).length);
      if (session.clock.position > 16) expect(session.sparsity).toBe(0.75);
    });
    // 0.75 (1 − (1 − p/16)³) of 72 entries at positions 4, 8, 12 and 16, counted after their decisions.
    const wanted = [4, 8, 12, 16].map(p => 72 - keptCount(72, 0.75 * (1 - (1 - p / 16) ** 3)));
    expect(wanted).toEqual([31, 47, 53, 54]);
    expect([4, 8, 12, 16].map(p => zeros[p])).toEqual(wanted);
    // Training moves the layers' thresholds apart, not the controller: after its move at 4 the difference is as before
    // it.
    const differences = seen.map(([hidden = 0, head = 0]) => hidden - head);
    expect(new Set(differences).size).toBeGreaterThan(8);
    expect(seen[5]?.[0]).toBeGreaterThan((seen[4]?.[0] ?? 0) + 0.5);
    expect(Math.abs((differences[5] ?? 0) - (differences[4] ?? 0))).toBeLessThan(0.1);
  });

  it.each(Object.entries(supportedOptimizers))(
    'str S7: stays finite from −12800 to the end with %s',
    async (_, optimizer) => {
      for (const initialThreshold of [-12800, -3200, -104, -88, -17]) {
        const method = watched({ end: 5, initialThreshold, thresholdDecay: 0.01 }, layers => {
          for (const s of thresholdsOf(layers)) expect(s).toSatisfy(Number.isFinite);
        });
        await run(method, 7, { optimizer, weightDecay: 0.01 }, (__, weights) => {
          for (const values of weights.values()) expect(values.every(Number.isFinite)).toBe(true);
        });
      }
    },
  );
});
