import type { Reparameterization } from '../../src/method/reparameterization.js';

/** Soft thresholding by `threshold` itself: sign(w) · max(|w| - t, 0). */
export const softThreshold = (initial: number, decay = 0): Reparameterization => ({
  parameters: () => [{ name: 'threshold', initial, decay }],
  effective: ({ abs, mul, relu, sign, sub }, raw, { threshold }) => mul(sign(raw), relu(sub(abs(raw), threshold!))),
  backward: ({ abs, mul, sign, sum, whereGreater }, { raw, parameters: { threshold }, gradient }) => {
    const passed = whereGreater(abs(raw), threshold!, gradient, 0);
    return { raw: passed, parameters: { threshold: mul(sum(mul(sign(raw), passed)), -1) } };
  },
});

/** The gradient of the masked weight goes to the raw one unchanged (straight-through estimator). */
export const straightThrough = (masking: 'raw' | 'effective'): Reparameterization => ({
  masking,
  effective: (_, raw) => raw,
  backward: (_, { gradient }) => ({ raw: gradient }),
});

/** A score for each weight, trained straight through the mask; weights learn where they are active. */
export const scored = (initial: number | Float32Array = 0, decay = 0): Reparameterization => ({
  masking: 'effective',
  parameters: () => [{ name: 'scores', perWeight: true, initial, decay }],
  effective: (_, raw) => raw,
  backward: ({ mul, whereGreater }, { raw, gradient, mask }) => ({
    raw: whereGreater(mask, 0, gradient, 0),
    parameters: { scores: mul(gradient, raw) },
  }),
});
