import { cosine, InvalidOptionError, type Schedule } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PredictThresholdOptions, predictThreshold } from './index.js';

/** Linear warm-up over 5 epochs, then a cosine to 0; one rate an epoch, as in the paper's code. */
function rateByEpoch(highest: number, epochs: number, steps: number): Schedule {
  const decay = cosine({ from: highest, to: 0, start: 5, end: epochs });
  return position => {
    const epoch = Math.floor(position / steps);
    return epoch < 5 ? (highest * (epoch + 1)) / 5 : decay(epoch);
  };
}

/** Whole epochs that have passed when the path crosses each value. */
const crossings = (options: PredictThresholdOptions, steps: number, ...values: number[]): number[] => {
  const path = predictThreshold(options);
  return values.map(value => Math.floor(path.findIndex(s => s > value) / steps));
};

describe('predictThreshold', () => {
  // docs/methods/str.md (the table of crossings), simulated from `utils/schedulers.py` and `configs/largescale`: the
  // epoch of each crossing.
  it('crosses −100, −20, −10 and −5 in epochs 17, 24, 27 and 31 for ResNet-50 on ImageNet', () => {
    const run = { steps: 100 * 5005, learningRate: rateByEpoch(0.256, 100, 5005), momentum: 0.875 };
    expect(crossings(run, 5005, -100, -20, -10, -5)).toEqual([17, 24, 27, 31]);
  });

  it('crosses them in epochs 14, 19, 20 and 22 for MobileNetV1', () => {
    const run = { steps: 100 * 5005, learningRate: rateByEpoch(0.256, 100, 5005), momentum: 0.875 };
    const settings = { initialThreshold: -12800, thresholdDecay: 3.751757813e-5 };
    expect(crossings({ ...run, ...settings }, 5005, -100, -20, -10, -5)).toEqual([14, 19, 20, 22]);
  });

  it('crosses −100 and −5 in epochs 19 and 35 at the scale of CIFAR, and −5 in epoch 17 from −100', () => {
    const learningRate = rateByEpoch(0.1, 160, 391);
    const run = { steps: 160 * 391, learningRate, momentum: 0.9, thresholdDecay: 5e-4 };
    expect(crossings(run, 391, -100, -5)).toEqual([19, 35]);
    expect(crossings({ ...run, initialThreshold: -100 }, 391, -5)).toEqual([17]);
  });

  it('never leaves the flat region there with the settings of ImageNet (issue 2 of its code)', () => {
    const path = predictThreshold({ steps: 160 * 391, learningRate: rateByEpoch(0.1, 160, 391), momentum: 0.9 });
    expect(path.at(-1)).toBeLessThan(-1000);
  });

  it('str S3: without momentum is s₀ (1 − rate · decay)^n', () => {
    const options = fc.record({
      steps: fc.integer({ min: 0, max: 300 }),
      learningRate: fc.double({ min: 0, max: 1, noNaN: true }),
      thresholdDecay: fc.double({ min: 0, max: 0.1, noNaN: true }),
      initialThreshold: fc.double({ min: -3200, max: -1, noNaN: true }),
    });
    fc.assert(
      fc.property(options, run => {
        const closed = run.initialThreshold * (1 - run.learningRate * run.thresholdDecay) ** run.steps;
        expect((predictThreshold(run).at(-1) ?? 0) / closed).toBeCloseTo(1, 9);
      }),
    );
  });

  it('with momentum m is s₀ (A r₁^n + B r₂^n), r the roots of r² − (1 + m − rate · decay) r + m', () => {
    // v ← m v + decay · s and s ← s − rate · v are s_{n+1} = (1 + m − rate · decay) s_n − m s_{n−1}, with s_{−1} = s₀.
    const [steps, learningRate, momentum, thresholdDecay] = [20_000, 0.1, 0.9, 5e-4];
    const middle = (1 + momentum - learningRate * thresholdDecay) / 2;
    const distance = Math.sqrt(middle ** 2 - momentum);
    const [slow, fast] = [middle + distance, middle - distance];
    const fraction = (1 - learningRate * thresholdDecay - fast) / (slow - fast);
    const closed = fraction * slow ** steps + (1 - fraction) * fast ** steps;
    const last =
      predictThreshold({ steps, learningRate, momentum, thresholdDecay, initialThreshold: -100 }).at(-1) ?? 0;
    expect(last / (-100 * closed)).toBeCloseTo(1, 9);
    expect(Math.abs(last / (-100 * Math.exp(-10)) - 1)).toBeLessThan(0.05); // the rule of thumb in the docs
  });

  it('starts with the initial value, and has one value more than steps', () => {
    expect([...predictThreshold({ steps: 0, learningRate: 0.1 })]).toEqual([-3200]);
    expect(predictThreshold({ steps: 7, learningRate: 0.1 }).length).toBe(8);
  });

  it.each([
    [{ steps: -1 }, 'steps'],
    [{ momentum: 1 }, 'momentum'],
    [{ learningRate: Number.NaN }, 'learningRate'],
    [{ initialThreshold: -Infinity }, 'initialThreshold'],
    [{ thresholdDecay: -1 }, 'thresholdDecay'],
  ])('refuses %o', (wrong, option) => {
    const predict = (): Float64Array => predictThreshold({ steps: 1, learningRate: 0.1, ...wrong });
    expect(predict).toThrow(InvalidOptionError);
    expect(predict).toThrow(option);
  });
});
