import { uniform } from '../../src/distribution/uniform.js';
import { activeMagnitude } from '../../src/mask/criterion.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import type { Reparameterization } from '../../src/method/reparameterization.js';
import { selectMasks } from '../../src/selection/select-masks.js';

/** Soft thresholding by the sigmoid of a trained number. */
export const thresholdHook: Reparameterization = {
  parameters: () => [{ name: 'threshold', initial: -2, decay: 0.1 }],
  effective: ({ abs, mul, relu, sigmoid, sign, sub }, raw, { threshold }) =>
    mul(sign(raw), relu(sub(abs(raw), sigmoid(threshold!)))),
  backward: ({ abs, mul, sigmoid, sign, sub, sum, whereGreater }, { raw, parameters: { threshold }, gradient }) => {
    const level = sigmoid(threshold!);
    const passed = whereGreater(abs(raw), level, gradient, 0);
    const slope = mul(level, sub(level, 1)); // -σ'
    return { raw: passed, parameters: { threshold: mul(slope, sum(mul(sign(raw), passed))) } };
  },
};

/** Trains thresholds, raises them at position 3, and at 6 bakes and keeps half of each layer. */
export function thresholdToy(): PruningMethod<null> {
  return {
    specification: 'v1',
    name: 'threshold-toy',
    citation: 'none',
    options: {},
    target: { sparsity: 0.5, position: 6 },
    reparameterization: thresholdHook,
    start: () => ({ state: null }),
    plan: ({ position }) => (position === 3 || position === 6 ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock }) => {
      if (clock.position === 6) {
        return { state: null, masks: selectMasks(layers, activeMagnitude, 0.5, uniform), bake: true };
      }
      const raised = layers.map(
        layer => [layer.name, { threshold: (layer.parameters?.threshold ?? 0) + 0.5 }] as const,
      );
      return { state: null, parameters: new Map(raised) };
    },
  };
}

/** Masks the smaller half of the raw weights afresh at positions 2 and 4 while all of them learn; at 7 bakes. */
export function feedbackToy(): PruningMethod<null> {
  return {
    specification: 'v1',
    name: 'feedback-toy',
    citation: 'none',
    options: {},
    target: { sparsity: 0.5, position: 7 },
    reparameterization: {
      masking: 'effective',
      effective: (_, raw) => raw,
      backward: (_, { gradient }) => ({ raw: gradient }),
    },
    start: () => ({ state: null }),
    plan: ({ position }) => ([2, 4, 7].includes(position) ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock }) => {
      const magnitude = ({ raw, weights }: (typeof layers)[number]): Float32Array => (raw ?? weights).map(Math.abs);
      const masks = selectMasks(layers, magnitude, 0.5, uniform, { revive: true });
      return clock.position === 7 ? { state: null, masks, bake: true } : { state: null, masks };
    },
  };
}

/**
 * Movement pruning: a score for each weight, trained straight through masks; at 2 and 4 the half of the largest scores
 * is active, at 3 all scores are halved, at 7 it bakes. Weights learn only while they are active, and keep their value
 * beneath the mask.
 */
export function scoredToy(): PruningMethod<null> {
  return {
    specification: 'v1',
    name: 'scored-toy',
    citation: 'none',
    options: {},
    target: { sparsity: 0.5, position: 7 },
    reparameterization: {
      masking: 'effective',
      parameters: ({ size }) => [
        {
          name: 'scores',
          perWeight: true,
          initial: Float32Array.from({ length: size }, (_, i) => i / size),
          decay: 0.1,
        },
        { name: 'scale', initial: 1, decay: 0 },
      ],
      effective: ({ mul }, raw, { scale }) => mul(raw, scale!),
      backward: ({ mul, sum, whereGreater }, { raw, gradient, mask, parameters: { scale } }) => ({
        raw: mul(whereGreater(mask, 0, gradient, 0), scale!),
        parameters: { scores: mul(gradient, raw), scale: sum(mul(gradient, raw)) },
      }),
    },
    start: () => ({ state: null }),
    plan: ({ position }) => ([2, 3, 4, 7].includes(position) ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock }) => {
      const scoresOf = ({ weightParameters, size }: (typeof layers)[number]): Float32Array =>
        weightParameters?.scores ?? new Float32Array(size);
      if (clock.position === 3) {
        const halved = layers.map(layer => [layer.name, { scores: scoresOf(layer).map(score => score / 2) }] as const);
        return { state: null, weightParameters: new Map(halved) };
      }
      const masks = selectMasks(layers, scoresOf, 0.5, uniform, { revive: true });
      return clock.position === 7 ? { state: null, masks, bake: true } : { state: null, masks };
    },
  };
}
