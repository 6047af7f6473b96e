import '@tensorflow/tfjs-backend-cpu';
import { guardTensors } from '@espalier/core/testing';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setStatisticsMomentum, staleStatistics } from './statistics-momentum.js';

guardTensors({ beforeEach, afterEach });

const normalized = (momentum: number) =>
  sequential({
    layers: [layers.dense({ units: 2, inputShape: [2] }), layers.batchNormalization({ momentum })],
  });

// 0.99^298 = 0.05003, 0.99^299 = 0.0495, 0.99^160 = 0.2003, 0.9^29 = 0.0471
it.each([
  [0.99, 299, undefined],
  [0.99, 298, '5 %'],
  [0.99, 160, '20 %'],
  [0.9, 29, undefined],
  [0.9, 28, '5 %'],
  [0.99, 0, undefined],
])('statistics that keep %f in each of %i steps', (momentum, steps, told) => {
  const model = normalized(momentum);
  const line = staleStatistics(model, steps);
  if (told === undefined) expect(line).toBeUndefined();
  else expect(line).toContain(`after ${steps} steps ${told} of them`);
  model.dispose();
});

it('is told of with what helps: the usual momentum, or more steps for a network that has it', () => {
  for (const [momentum, remedy] of [
    [0.99, 'give --batch-norm-momentum 0.9.'],
    [0.9, 'train for more steps than 2.'],
  ] as const) {
    const model = normalized(momentum);
    expect(staleStatistics(model, 2)).toMatch(new RegExp(`, ${remedy}$`));
    model.dispose();
  }
});

it('reaches layers of nested models, whose checkpoint keeps it', () => {
  const inner = normalized(0.99);
  const model = sequential({ layers: [inner, layers.dense({ units: 1 })] });
  setStatisticsMomentum(model, 0.5);
  expect(JSON.stringify(model.toJSON(undefined, false))).toContain('"momentum":0.5');
  expect(staleStatistics(model, 5)).toBeUndefined(); // 0.5^5 = 0.03
  model.dispose();
});
