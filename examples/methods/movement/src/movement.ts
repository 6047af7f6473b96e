import * as core from '@espalier/core';

/** Options of {@link movement}. */
export interface MovementOptions extends core.GradualSparsityOptions {
  /** How the sparsity is spread over the layers; `uniform` by default, as in the authors' code. */
  readonly distribution?: core.Distribution;
  /** Whether masked weights go on learning; by default they keep their value, as in the authors' code. */
  readonly trainMasked?: boolean;
}

/** The model sees W' = W where its score S is among the largest; ∂L/∂S = ∂L/∂W' · W, straight through the mask. */
const straightThrough = (trainMasked: boolean): core.Reparameterization => ({
  masking: 'effective',
  parameters: () => [{ name: 'scores', perWeight: true, initial: 0, decay: 0 }],
  effective: (_, raw) => raw,
  backward: ({ mul, whereGreater }, { raw, gradient, mask }) => ({
    raw: trainMasked ? gradient : whereGreater(mask, 0, gradient, 0),
    parameters: { scores: mul(gradient, raw) },
  }),
});

const scores: core.Criterion = ({ weightParameters, size }) => weightParameters?.scores ?? new Float32Array(size);

/**
 * Movement pruning: weights that training moves away from 0 stay, whatever their size. After `cadence.end` the last
 * mask holds.
 *
 * Source: Sanh, Wolf & Rush 2020, {@link https://arxiv.org/abs/2005.07683}, section 4, hard movement pruning.
 *
 * @throws `InvalidOptionError` if an option is out of range.
 */
export function movement(options: MovementOptions): core.PruningMethod<null> {
  const { optional, boolean } = core.rules;
  const own = { distribution: optional(core.requireDistribution), trainMasked: optional(boolean) };
  core.checkOptions<MovementOptions>(options, { ...core.gradualSparsityRules, ...own });
  const { distribution: spread, trainMasked = false, ...gradual } = options;
  const distribution: core.Distribution = spread ?? core.uniform;
  const { sparsity, cadence, initialSparsity = 0 } = gradual;
  const { start, end, every } = cadence;
  const plain = { sparsity, initialSparsity, cadence: { start, end, every }, trainMasked };
  const schedule = core.gradualSparsity(gradual);
  return {
    specification: 'v1',
    name: 'movement',
    citation: 'Sanh, Wolf & Rush 2020, arXiv:2005.07683',
    options: { ...plain, distribution: distribution.name },
    ...(distribution.partial ? {} : { target: { sparsity, position: end } }),
    reparameterization: straightThrough(trainMasked),
    start: () => ({ state: null }),
    plan: ({ position }) => (core.isDue(cadence, position) ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock: { position } }) => ({
      state: null,
      masks: core.selectMasks(layers, scores, schedule(position), distribution, { revive: true }),
      ...(position === end ? { bake: true, phase: 'fine-tuning' } : {}),
    }),
  };
}
