import { countOnes, type Decision, type LayerView, stepwise } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import { type IterativeMagnitudeOptions, iterativeMagnitude } from '../src/index.js';

/** 90 % in three phases of nine steps, after 0.1 × 30, 0.01 × 30, 0.001 × 30. */
export const base: IterativeMagnitudeOptions = {
  sparsity: 0.9,
  phases: 3,
  denseSchedule: stepwise({ from: 0.1, milestones: [30, 60] }),
  denseSteps: 90,
  retrainSteps: { perPhase: 9 },
};

/** What the method decides at each cut; between cuts the active weights grow by half, as if they had been trained. */
export async function run(options: IterativeMagnitudeOptions, first: readonly LayerView[]): Promise<Decision<null>[]> {
  const method = iterativeMagnitude(options);
  let layers = first;
  const decisions: Decision<null>[] = [];
  for (let position = -1; position < (options.start ?? options.denseSteps) + 200; position++) {
    if (position >= 0 && !method.plan({ step: position, position, round: 0 }, null).observe) continue;
    const decision =
      position < 0 ? method.start(viewAt(0, ...layers)) : await method.decide(viewAt(position, ...layers), null);
    if (!decision.masks) continue;
    decisions.push(decision);
    layers = layers.map(({ name, shape, weights }) => {
      const mask = decision.masks!.get(name)!;
      return layer(
        name,
        weights.map(w => 1.5 * w),
        { mask, shape },
      );
    });
  }
  return decisions;
}

/** Active entries after a decision. */
export const kept = ({ masks }: Decision<null>): number =>
  [...masks!.values()].reduce((sum, mask) => sum + countOnes(mask), 0);
