import {
  type Criterion,
  checkOptions,
  type Distribution,
  type LayerView,
  type PruningMethod,
  type Reparameterization,
  requireDistribution,
  requireSparsity,
  rules,
  selectMasks,
  uniform,
} from '@espalier/core';

/** Options of {@link dnw}. */
export interface DnwOptions {
  /** Overall fraction of prunable entries that no forward pass uses, in [0, 1); the same from the first step on. */
  readonly sparsity: number;
  /**
   * Position (step) after which the edges in use become the network, an integer ≥ 0; the last step of training, unless
   * fine-tuning is to follow.
   */
  readonly end: number;
  /**
   * How the edges are spread over the layers.
   *
   * @defaultValue `uniform`, the same fraction of every layer, as in the authors' code
   */
  readonly distribution?: Distribution;
}

/** Straight-through: the forward pass uses the chosen edges, the gradient reaches all of them. */
const straightThrough: Reparameterization = {
  masking: 'effective',
  effective: (_operations, raw) => raw,
  backward: (_operations, { gradient }) => ({ raw: gradient }),
};

/** `|w|` of all edges, used or not. */
const edgeMagnitude: Criterion = ({ raw, weights }) => (raw ?? weights).map(Math.abs);

/**
 * Discovering neural wirings (DNW) in the form for layered networks: every forward pass uses the edges with the largest
 * `|w|`, and the straight-through gradient updates all of them, so an unused edge grows until it displaces a used one.
 * The sparsity is constant. After step `end` the edges in use become the network.
 *
 * Differences from the paper and the authors' code: the number of edges is rounded where theirs truncates the number of
 * zeros, and ties go to the lower index; wirings between any two channels (the paper's graphs) have no counterpart
 * here.
 *
 * Source: Wortsman et al. 2019, "Discovering neural wirings", {@link https://arxiv.org/abs/1906.00586}; details checked
 * against `imagenet_sparsity_experiments` of {@link https://github.com/allenai/dnw} (edges chosen layer by layer).
 * Zimmer et al. rank all layers together: `distribution: global`.
 *
 * @param options - Sparsity, last position and, if wanted, distribution.
 * @returns A method for `PruningSession.start`.
 * @throws `InvalidOptionError` if an option is out of range.
 *
 * @example A tenth of the edges, chosen on each of 1000 steps.
 * ```ts
 * import { dnw } from '@espalier-example/dnw';
 *
 * const method = dnw({ sparsity: 0.9, end: 999 });
 * ```
 */
export function dnw(options: DnwOptions): PruningMethod<null> {
  checkOptions<DnwOptions>(options, {
    sparsity: requireSparsity,
    end: rules.integer({ from: 0 }),
    distribution: rules.optional(requireDistribution),
  });
  const { sparsity, end } = options;
  const distribution: Distribution = options.distribution ?? uniform;
  const topEdges = (layers: readonly LayerView[]): Map<string, Uint8Array> =>
    selectMasks(layers, edgeMagnitude, sparsity, distribution, { revive: true });
  return {
    specification: 'v1',
    name: 'dnw',
    citation: 'Wortsman et al. 2019, arXiv:1906.00586',
    options: { sparsity, end, distribution: distribution.name },
    ...(distribution.partial ? {} : { target: { sparsity, position: 0 } }),
    reparameterization: straightThrough,
    start: ({ layers }) => ({ state: null, masks: topEdges(layers) }),
    plan: ({ position }) => (position <= end ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock }) => ({
      state: null,
      masks: topEdges(layers),
      ...(clock.position === end ? { bake: true, phase: 'fine-tuning' } : {}),
    }),
  };
}
