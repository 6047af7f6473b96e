import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { global, uniform } from '../distribution/index.js';
import { InvalidOptionError, NonFiniteScoreError, ShapeMismatchError } from '../errors/index.js';
import type { LayerView } from '../method/index.js';
import { randomStreams } from '../random/index.js';
import { selectMasks } from '../selection/select-masks.js';
import { layer as viewOf } from '../testing/views.js';
import { activeMagnitude, activeNormalizedMagnitude, activeSaliency, type Criterion, randomScores } from './index.js';

/** A layer whose masked entries have weights too, so that a criterion that looks at them is seen. */
const layer = (name: string, weights: number[], mask?: number[]): LayerView => ({
  ...viewOf(name, weights, { mask }),
  weights: Float32Array.from(weights),
});
const withGradient = (weights: number[], gradient: number[], mask?: number[]) => ({
  ...layer('w', weights, mask),
  gradient: Float32Array.from(gradient),
});

describe('activeSaliency', () => {
  it('is |w · g|, and −1 on masked entries', () => {
    // |−2 · 0.5| = 1, |1 · −4| = 4, |0 · 3| = 0; the last one is masked, whatever its gradient.
    expect([...activeSaliency(withGradient([-2, 1, 0, 0], [0.5, -4, 3, 9], [1, 1, 1, 0]))]).toEqual([1, 4, 0, -1]);
  });

  it('keeps what changes the loss most, not what is largest', () => {
    const layers = [withGradient([10, 1], [0.01, 5])]; // 0.1 and 5
    expect([...selectMasks(layers, activeSaliency, 0.5, global).get('w')!]).toEqual([0, 1]);
    expect([...selectMasks(layers, activeMagnitude, 0.5, global).get('w')!]).toEqual([1, 0]);
  });

  it('says what to ask for if the view has no gradient', () => {
    expect(() => activeSaliency(layer('conv/kernel', [1, 2]))).toThrow(InvalidOptionError);
    expect(() => activeSaliency(layer('conv/kernel', [1, 2]))).toThrow(/"conv\/kernel".*kind: 'gradients'/);
    expect(() => activeSaliency(withGradient([1, 2], [1]))).toThrow(ShapeMismatchError);
  });

  it('is NaN where a number is, also 0 · ∞, so that ranking refuses it; a masked entry is not looked at', () => {
    for (const [w, g] of [
      [Number.NaN, 1],
      [1, Number.NaN],
      [0, Infinity],
    ] as const) {
      expect(() => selectMasks([withGradient([1, w], [1, g])], activeSaliency, 0.5, global)).toThrow(
        NonFiniteScoreError,
      );
      expect([...activeSaliency(withGradient([1, w], [1, g], [1, 0]))]).toEqual([1, -1]);
    }
  });
});

describe('activeNormalizedMagnitude', () => {
  it('is |w| / ‖w‖ of the active entries, and −1 on masked ones', () => {
    // ‖(3, −4)‖ = 5: 0.6 and 0.8. The masked 12 takes no part; with it the norm would be 13.
    expect([...activeNormalizedMagnitude(layer('w', [3, -4, 12], [1, 1, 0]))]).toEqual(
      [0.6, 0.8, -1].map(value => expect.closeTo(value, 6)),
    );
  });

  it('compares layers of different scale: of 2 of 4, each keeps one', () => {
    // (30, 40) → 0.6, 0.8 and (0.03, 0.04) → 0.6, 0.8. Magnitude keeps 30 and 40.
    const layers = [layer('large', [30, 40]), layer('small', [0.03, 0.04])];
    const kept = (criterion: Criterion): number[][] =>
      [...selectMasks(layers, criterion, 0.5, global).values()].map(mask => [...mask]);
    expect(kept(activeNormalizedMagnitude)).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(kept(activeMagnitude)).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it('is 0 everywhere in a layer of zeros, above masked entries', () => {
    expect([...activeNormalizedMagnitude(layer('w', [0, 0, 0], [1, 1, 0]))]).toEqual([0, 0, -1]);
    expect([...activeNormalizedMagnitude(layer('w', []))]).toEqual([]);
  });

  it('does not divide infinity by itself, and names the entry that is NaN', () => {
    expect([...activeNormalizedMagnitude(layer('w', [1, -Infinity, 0]))]).toEqual([0, 1, 0]);
    expect([...activeNormalizedMagnitude(layer('w', [3, 4, Number.NaN]))]).toEqual([
      ...[0.6, 0.8].map(value => expect.closeTo(value, 6)),
      Number.NaN,
    ]);
    const layers = [layer('w', [3, Number.NaN, 4])];
    expect(() => selectMasks(layers, activeNormalizedMagnitude, 0.5, global)).toThrow(/Score 1 of "w" is NaN/);
    expect([...activeNormalizedMagnitude(layer('w', [0, Number.NaN]))]).toEqual([0, Number.NaN]);
  });

  it('has a sum of squares of 1 over the active entries, however large or small the weights are', () => {
    const entries = fc.array(fc.record({ w: fc.float({ noNaN: true, noDefaultInfinity: true }), m: fc.nat(1) }));
    fc.assert(
      fc.property(entries, all => {
        const [weights, mask] = [all.map(({ w }) => w), all.map(({ m }) => m)];
        const scores = [...activeNormalizedMagnitude(layer('w', weights, mask))];
        const squares = scores.reduce((sum, score, i) => (mask[i] ? sum + score * score : sum), 0);
        expect(squares).toBeCloseTo(weights.some((w, i) => w !== 0 && mask[i]) ? 1 : 0, 4);
      }),
    );
  });
});

describe('randomScores', () => {
  const random = randomStreams(42, 7);

  it('takes one number for every entry of a stream of the layer, and −1 on masked entries', () => {
    const [draw, other] = [random('scores/w'), random('scores/v')];
    const expected = Float32Array.from([draw(), draw(), draw()]);
    expect([...randomScores(random)(layer('w', [1, 0, 1], [1, 0, 1]))]).toEqual([expected[0], -1, expected[2]]);
    expect([...randomScores(random, { revive: true })(layer('w', [1, 0, 1], [1, 0, 1]))]).toEqual([...expected]);
    expect(randomScores(random)(layer('v', [1]))[0]).toBe(Math.fround(other()));
  });

  it('gives the same again, and something else at another step, seed or layer', () => {
    const scores = (seed: number, step: number, name: string): number[] => [
      ...randomScores(randomStreams(seed, step))(layer(name, [1, 2, 3, 4])),
    ];
    expect(scores(1, 2, 'w')).toEqual(scores(1, 2, 'w'));
    for (const other of [scores(2, 2, 'w'), scores(1, 3, 'w'), scores(1, 2, 'v')]) {
      expect(other).not.toEqual(scores(1, 2, 'w'));
    }
  });

  it('keeps each entry about equally often', () => {
    const kept = new Uint32Array(8);
    for (let step = 0; step < 1000; step++) {
      const masks = selectMasks(
        [layer('w', [1, 2, 3, 4, 5, 6, 7, 8])],
        randomScores(randomStreams(1, step)),
        0.75,
        uniform,
      );
      for (const [i, bit] of masks.get('w')!.entries()) kept[i]! += bit;
    }
    // 250 each, with a standard deviation of √(1000 · 0.25 · 0.75) = 13.7.
    for (const count of kept) expect(Math.abs(count - 250)).toBeLessThan(70);
  });

  it('brings masked entries back only if asked to', () => {
    const half = [layer('w', [1, 2, 3, 4, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0])];
    let grown = 0;
    for (let step = 0; step < 20; step++) {
      const streams = randomStreams(1, step);
      expect([...selectMasks(half, randomScores(streams), 0.5, uniform, { revive: true }).get('w')!]).toEqual([
        ...half[0]!.mask,
      ]);
      const revived = selectMasks(half, randomScores(streams, { revive: true }), 0.5, uniform, { revive: true });
      grown += revived
        .get('w')!
        .subarray(4)
        .reduce((sum, bit) => sum + bit, 0);
    }
    expect(grown).toBeGreaterThan(0);
  });

  it.each([[undefined], [() => 0.5, { revive: 1 }], [() => 0.5, { revived: true }]])('refuses %j', (...given) => {
    expect(() => randomScores(...(given as never as [never]))).toThrow(/ption/);
  });
});
