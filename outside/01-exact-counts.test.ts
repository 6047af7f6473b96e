import {
  type Distribution,
  erdosRenyiOf,
  global,
  keptCount,
  lamp,
  randomStreams,
  type ScoredLayer,
  solveErdosRenyi,
  uniform,
  uniformPlus,
  withRules,
} from '@espalier/core';
import { modelWeights } from '@espalier/core/tfjs';
import { lenet300, mobileNetV1, resnet20, resnet50, smallConvNet, wideResNet } from '@espalier/models';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * Number 1: what a distribution says a layer keeps is exact: dense layers whole, others a rounding from their share,
 * sums right.
 */
const builders: Record<string, () => LayersModel> = {
  lenet300: () => lenet300(),
  smallConvNet: () => smallConvNet(),
  resnet20: () => resnet20(),
  wideResNet: () => wideResNet({ depth: 10, widenFactor: 2 } as never),
  mobileNetV1: () => mobileNetV1(),
  resnet50: () => resnet50(),
};
const networks = new Map<string, ScoredLayer[]>();
const sparsities = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const [name, build] of Object.entries(builders)) {
    const model = build();
    const random = randomStreams(1, 0)(name);
    const layers = modelWeights(model)
      .filter(weight => weight.prunable)
      .map(({ name: layer, variable: { shape, size } }) => ({
        name: layer,
        shape,
        size,
        scores: new Float32Array(size),
      }));
    if (!/^(resnet50|mobileNetV1)$/.test(name))
      for (const { scores } of layers) for (const i of scores.keys()) scores[i] = random();
    networks.set(name, layers);
    model.dispose();
  }
}, 120_000);
afterAll(() => expect(tf.memory().numTensors).toBe(0));

const sizeOf = (layers: readonly ScoredLayer[]): number => layers.reduce((sum, { size }) => sum + size, 0);
const sumOf = (kept: ReadonlyMap<string, number>): number => [...kept.values()].reduce((a, b) => a + b, 0);

describe.each([
  ['ERK', { kernel: true }],
  ['ER', { kernel: false }],
  ['ERK^0.5', { kernel: true, power: 0.5 }],
  ['ER^2', { kernel: false, power: 2 }],
] as const)('%s', (_, options) => {
  it.each(Object.keys(builders))('on %s keeps dense layers whole, others less than one entry off', name => {
    const layers = networks.get(name) ?? [];
    for (const sparsity of sparsities) {
      const { dense, density } = solveErdosRenyi(layers, sparsity, options);
      const kept = erdosRenyiOf(options)(layers, sparsity);
      const total = keptCount(sizeOf(layers), sparsity);
      expect(sumOf(kept)).toBe(total);
      const [whole, free] = [layers.filter(l => dense.has(l.name)), layers.filter(l => !dense.has(l.name))];
      for (const layer of whole) expect(kept.get(layer.name)).toBe(layer.size);
      const scale = (total - sizeOf(whole)) / free.reduce((sum, l) => sum + l.size * (density.get(l.name) ?? 0), 0);
      for (const layer of free) {
        const share = scale * layer.size * (density.get(layer.name) ?? 0);
        expect(Math.abs((kept.get(layer.name) ?? 0) - Math.max(1, share))).toBeLessThan(1);
      }
    }
  });
});

it.each(Object.keys(builders))('every distribution has the overall count on %s', name => {
  const layers = networks.get(name) ?? [];
  const exact: Distribution[] = /^(resnet50|mobileNetV1)$/.test(name) ? [uniformPlus] : [global, lamp, uniformPlus];
  for (const distribution of exact) {
    for (const sparsity of sparsities.filter(value => value < 0.9)) {
      expect(sumOf(distribution(layers, sparsity))).toBe(keptCount(sizeOf(layers), sparsity));
    }
  }
  for (const [layer, count] of uniform(layers, 0.9)) {
    const { size } = layers.find(found => found.name === layer) ?? { size: Number.NaN };
    expect(Math.abs(count - size * 0.1)).toBeLessThanOrEqual(0.5);
  }
});

it('rules take their layers out before the rest is shared out', () => {
  const layers = networks.get('resnet20') ?? [];
  const [first, second] = layers.map(({ name }) => name) as [string, string];
  const kept = withRules(erdosRenyiOf({ kernel: true }), { dense: [first], sparsity: { [second]: 0.5 } })(layers, 0.9);
  const others = layers.slice(2);
  expect(kept.get(first)).toBe(layers[0]?.size);
  expect(kept.get(second)).toBe((layers[1]?.size ?? 0) / 2);
  expect(others.reduce((sum, { name }) => sum + (kept.get(name) ?? 0), 0)).toBe(keptCount(sizeOf(others), 0.9));
});
