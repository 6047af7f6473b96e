import { type Decision, InvalidOptionError, type LayerView, polynomial } from '@espalier/core';
import { layer as layerOf, viewAt } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { type SoftThresholdOptions, softThreshold } from './index.js';

const layer = (raw: readonly number[], weights: readonly number[], s = -100): LayerView => ({
  ...layerOf('w', weights),
  raw: Float32Array.from(raw),
  parameters: { threshold: s },
});

const observed = (options: SoftThresholdOptions, until: number): number[] => {
  const method = softThreshold(options);
  const positions = Array.from({ length: until }, (_, position) => position);
  return positions.filter(position => method.plan({ step: position, position, round: 0 }, null).observe);
};

const maskOf = ({ masks }: Decision): number[] => [...(masks?.get('w') ?? [])];

describe('softThreshold', () => {
  it('starts dense with the thresholds of the paper', () => {
    const method = softThreshold({ end: 9 });
    expect(method.start(viewAt(0))).toEqual({ state: null, phase: 'soft' });
    expect(method.reparameterization?.parameters?.({ name: 'w', shape: [1], size: 1 })).toEqual([
      { name: 'threshold', initial: -3200, decay: 2.251757813e-5 }, // docs/methods/str.md, Sources: ResNet-50, 90.23 %
    ]);
  });

  it('promises no sparsity without a controller, and exactly its own with one', () => {
    expect(softThreshold({ end: 9 }).target).toBeUndefined();
    expect(softThreshold({ end: 9, sparsity: 0.9 }).target).toEqual({ sparsity: 0.9, position: 9 });
  });

  it('looks at the weights at the end only, or on the cadence of the controller, and never skips an update', () => {
    expect(observed({ end: 9 }, 20)).toEqual([9]);
    expect(observed({ end: 9, sparsity: 0.5, cadence: { start: 1, every: 3 } }, 20)).toEqual([1, 4, 7, 9]);
    expect(observed({ end: 250, sparsity: 0.5 }, 300)).toEqual([0, 100, 200, 250]);
  });

  it('bakes at the end with the non-zero pattern of the effective weights as masks', async () => {
    const decision = await softThreshold({ end: 9 }).decide(viewAt(9, layer([2, 0.3, -1], [1.5, 0, -0.5], 0)), null);
    expect(decision).toMatchObject({ state: null, bake: true, phase: 'baked' });
    expect(maskOf(decision)).toEqual([1, 0, 1]);
    expect([decision.parameters, decision.weights]).toEqual([undefined, undefined]);
  });

  it.each([
    ['a weight is NaN', layer([2, Number.NaN, -1], [1.5, 0, -0.5], 0), 1],
    ['the threshold is NaN', layer([2, 0.3, -1], [0, 0, 0], Number.NaN), 0],
  ])('refuses to bake where %s, which would look like zeros', (_, diverged, index) => {
    const decide = () => softThreshold({ end: 9 }).decide(viewAt(9, diverged), null);
    expect(decide).toThrow(expect.objectContaining({ code: 'NON_FINITE_SCORE', layer: 'w', index }));
  });

  it('follows the cubic schedule with its thresholds alone before the end', async () => {
    // 0.75 (1 − (1 − 4/8)³) = 0.65625: round(4 · 0.34375) = 1 stays.
    const method = softThreshold({ end: 8, sparsity: 0.75, cadence: { start: 0, every: 4 } });
    const view = layer([0.1, 0.2, 0.5, 0.3], [0.1, 0.2, 0.5, 0.3]);
    const decision = await method.decide(viewAt(4, view), null);
    expect([decision.masks, decision.bake]).toEqual([undefined, undefined]);
    expect(decision.parameters?.get('w')?.threshold).toBeCloseTo(-1e-4, 9); // sigmoid⁻¹(0.5) = 0
  });

  it('leaves thresholds alone while the schedule wants nothing', async () => {
    const method = softThreshold({ end: 8, sparsity: 0.75, cadence: { start: 0, every: 4 } });
    expect(await method.decide(viewAt(0, layer([0.1, 0.2], [0.1, 0.2])), null)).toEqual({ state: null });
  });

  it('bakes with exactly the count of the target under the controller', async () => {
    const method = softThreshold({ end: 8, sparsity: 0.5, cadence: { start: 0, every: 4 } });
    const decision = await method.decide(viewAt(8, layer([0.1, -0.2, 0.2, 0.2], [0.1, -0.2, 0.2, 0.2])), null);
    expect(decision).toMatchObject({ bake: true, phase: 'baked' });
    expect(maskOf(decision)).toEqual([0, 1, 1, 0]);
    expect(decision.parameters?.get('w')?.threshold).toBeCloseTo(Math.log(0.25) - 1e-4, 5); // sigmoid⁻¹(0.2)
  });

  it('follows a schedule of the user', async () => {
    const schedule = polynomial({ to: 0.5, start: 0, end: 8, power: 1 });
    const method = softThreshold({ end: 8, sparsity: 0.5, cadence: { start: 0, every: 4 }, schedule });
    const view = layer([0.1, 0.2, 0.5, 0.3], [0.1, 0.2, 0.5, 0.3]); // 0.25 at 4: three stay
    const { parameters } = await method.decide(viewAt(4, view), null);
    expect(parameters?.get('w')?.threshold).toBeCloseTo(Math.log(0.25) - 1e-4, 5);
    expect(method.options).toMatchObject({ schedule: 'custom', cadence: { start: 0, end: 8, every: 4 } });
  });

  it.each<[Partial<SoftThresholdOptions>, string]>([
    [{ end: -1 }, 'end'],
    [{ end: 1.5 }, 'end'],
    [{ initialThreshold: Number.NaN }, 'initialThreshold'],
    [{ thresholdDecay: -1 }, 'thresholdDecay'],
    [{ thresholdFunction: 'tanh' as 'sigmoid' }, 'thresholdFunction'],
    [{ sparsity: 1 }, 'sparsity'],
    [{ cadence: { start: 0, every: 1 } }, 'cadence'],
    [{ schedule: () => 0.5 }, 'schedule'],
    [{ sparsity: 0.5, schedule: () => 0.4 }, 'schedule'],
    [{ sparsity: 0.5, cadence: { start: 20, every: 1 } }, 'cadence.end'],
    [{ sparsity: 0.5, cadence: { start: 0, every: 0 } }, 'cadence.every'],
  ])('refuses %o', (wrong, option) => {
    expect(() => softThreshold({ end: 9, ...wrong })).toThrow(InvalidOptionError);
    expect(() => softThreshold({ end: 9, ...wrong })).toThrow(`"${option}"`);
  });
});
