import { describe, expect, it } from 'vitest';
import type { LayerShape } from '../method/index.js';
import { erdosRenyiKernel, erdosRenyiOf, solveErdosRenyi } from './index.js';

/*
 * ERK and ER on ResNet-50 v1.5 (torchvision): 54 prunable weights, 25,502,912 entries, 4,089,184,256
 * multiply-accumulates at 224 x 224. Expected numbers: docs/methods/magnitude.md (Distributions), computed there from
 * the formula of RigL's sparse_utils.py and matching STR's published budgets; RigL's README prints 0.42 for the
 * multiply-accumulates at 80 %.
 */

interface Weight extends LayerShape {
  /** Multiply-accumulates per entry: output positions. */
  readonly positions: number;
}

function resnet50(): Weight[] {
  const layers: Weight[] = [];
  const add = (name: string, shape: number[], side: number): void => {
    layers.push({ name, shape, size: shape.reduce((a, b) => a * b, 1), positions: side * side });
  };
  add('conv1', [7, 7, 3, 64], 112);
  let inputs = 64;
  [3, 4, 6, 3].forEach((blocks, stage) => {
    const width = 64 * 2 ** stage;
    const side = 56 / 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage + 1}.${block}`;
      const before = block === 0 && stage > 0 ? side * 2 : side;
      add(`${name}.conv1`, [1, 1, inputs, width], before);
      add(`${name}.conv2`, [3, 3, width, width], side);
      add(`${name}.conv3`, [1, 1, width, width * 4], side);
      if (block === 0) add(`${name}.downsample`, [1, 1, inputs, width * 4], side);
      inputs = width * 4;
    }
  });
  add('fc', [2048, 1000], 1);
  return layers;
}

const layers = resnet50();
const macs = (density: (name: string) => number): number =>
  layers.reduce((sum, { name, size, positions }) => sum + density(name) * size * positions, 0);
const denseMacs = macs(() => 1);

describe('ResNet-50', () => {
  it('has the published sizes', () => {
    expect(layers.length).toBe(54);
    expect(layers.reduce((sum, { size }) => sum + size, 0)).toBe(25_502_912);
    expect(denseMacs).toBe(4_089_184_256);
  });

  it.each([
    [0.8, 99.562, 8, 0.414],
    [0.9, 48.787, 1, 0.242],
    [0.95, 24.372, 0, 0.122],
    [0.965, 17.061, 0, 0.085],
    [0.98, 9.749, 0, 0.049],
    [0.99, 4.875, 0, 0.024],
  ])(
    'magnitude M4: ERK at %d has ε = %d, %i dense layers and %d of the multiply-accumulates',
    (sparsity, epsilon, dense, share) => {
      const solution = solveErdosRenyi(layers, sparsity, { kernel: true });
      expect(solution.epsilon).toBeCloseTo(epsilon, 2);
      expect(solution.dense.size).toBe(dense);
      expect(macs(name => solution.density.get(name)!) / denseMacs).toBeCloseTo(share, 3);
    },
  );

  it.each([
    [0.8, 45.696, 5, 0.453],
    [0.9, 22.588, 1, 0.257],
    [0.95, 11.252, 1, 0.143],
  ])(
    'magnitude M4: ER at %d has ε = %d, %i dense layers and %d of the multiply-accumulates',
    (sparsity, epsilon, dense, share) => {
      const solution = solveErdosRenyi(layers, sparsity, { kernel: false });
      expect(solution.epsilon).toBeCloseTo(epsilon, 2);
      expect(solution.dense.size).toBe(dense);
      expect(macs(name => solution.density.get(name)!) / denseMacs).toBeCloseTo(share, 3);
    },
  );

  it.each([
    ['conv1', 0.58],
    ['layer1.0.conv1', 0],
    ['layer1.0.conv3', 0.041],
    ['layer1.1.conv2', 0.823],
    ['layer2.0.conv1', 0.425],
    ['layer2.1.conv2', 0.913],
    ['layer2.1.conv1', 0.522],
    ['layer2.0.downsample', 0.713],
    ['layer3.1.conv2', 0.957],
    ['layer3.1.conv1', 0.761],
    ['layer4.1.conv2', 0.979],
    ['layer4.1.conv1', 0.881],
    ['layer4.0.downsample', 0.928],
    ['fc', 0.927],
  ])('magnitude M4: ERK at sparsity 0.9 gives %s the sparsity %d', (name, sparsity) => {
    const { density } = solveErdosRenyi(layers, 0.9, { kernel: true });
    expect(1 - density.get(name)!).toBeCloseTo(sparsity, 3);
  });

  const scored = layers.map(layer => ({ ...layer, scores: new Float32Array(0) }));

  it.each([
    ['ERK', true, 1],
    ['ER', false, 1],
    ['ERK to the power 0.5', true, 0.5],
    ['ER to the power 0.5', false, 0.5],
  ])(
    '%s keeps dense layers whole and every other less than one entry off its share, at any sparsity',
    (_, kernel, power) => {
      let whole = 0;
      for (const sparsity of [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.965, 0.98, 0.99]) {
        const { dense, density } = solveErdosRenyi(layers, sparsity, { kernel, power });
        const kept = erdosRenyiOf({ kernel, power })(scored, sparsity);
        const total = Math.round(25_502_912 * (1 - sparsity));
        expect([...kept.values()].reduce((a, b) => a + b, 0)).toBe(total);
        const free = layers.filter(({ name }) => !dense.has(name));
        const budget = total - layers.reduce((sum, { name, size }) => sum + (dense.has(name) ? size : 0), 0);
        const shares = free.map(({ name, size }) => density.get(name)! * size);
        const scale = budget / shares.reduce((a, b) => a + b, 0);
        for (const [i, { name }] of free.entries()) {
          expect(Math.abs(kept.get(name)! - scale * shares[i]!)).toBeLessThan(1);
        }
        for (const { name, size } of layers.filter(layer => dense.has(layer.name))) expect(kept.get(name)).toBe(size);
        whole += dense.size;
      }
      expect(whole).toBeGreaterThan(0);
    },
  );

  it('magnitude M11: ERK at 0.9 keeps all 4096 entries of the layer that it leaves dense, and the rest of 2,550,291', () => {
    // round(25,502,912 · 0.1 = 2,550,291.2) less 4096, over 52,191, the sum of all dimensions of the other 53: ε =
    // 48.78609.
    const kept = erdosRenyiKernel(scored, 0.9);
    expect(kept.get('layer1.0.conv1')).toBe(4096);
    expect([...kept.values()].reduce((a, b) => a + b, 0)).toBe(2_550_291);
    // conv1: 81 · ε = 3951.67; fc: 3048 · ε = 148,700.01.
    expect(kept.get('conv1')).toBe(3952);
    expect(Math.abs(kept.get('fc')! - 148_700)).toBeLessThanOrEqual(1);
  });
});
