import { type Amount, overallCount } from '../mask/amount.js';
import type { LayerShape } from '../method/layer.js';
import { requireLayers } from '../method/require-layers.js';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';
import { apportion } from './apportion.js';
import type { Distribution } from './distribution.js';
import { named } from './named.js';

/** Options of {@link erdosRenyiOf}. */
export interface ErdosRenyiOptions {
  /** Whether the kernel's height and width count (ERK) or only its inputs and outputs (ER). */
  readonly kernel: boolean;
  /**
   * Exponent on the raw density, a number > 0; smaller is closer to uniform.
   *
   * @defaultValue 1
   */
  readonly power?: number | undefined;
}

/** ε of an Erdős–Rényi solve and the layers that it leaves dense. */
export interface ErdosRenyiSolution {
  /** Factor between raw and actual density of the layers that are not dense. */
  readonly epsilon: number;
  /** Names of the layers that stay dense. */
  readonly dense: ReadonlySet<string>;
  /** Density by layer name, in (0, 1]. */
  readonly density: ReadonlyMap<string, number>;
}

function rawDensity({ shape, size }: LayerShape, { kernel, power = 1 }: ErdosRenyiOptions): number {
  if (kernel || shape.length < 2) return (shape.reduce((sum, d) => sum + d, 0) / size) ** power;
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  return ((inputs + outputs) / (inputs * outputs)) ** power;
}

/**
 * Densities of the Erdős–Rényi rule before rounding: density = ε · p, where p is (sum of dimensions) / (product of
 * dimensions), over all kernel dimensions for ERK and over inputs and outputs for ER.
 *
 * ε is solved so that the overall sparsity is met, counted as in the authors' code: `floor(sparsity · size)` masked
 * entries of each layer; or so that the exact count is kept. While a layer would exceed density 1, all layers with the
 * largest p become dense and ε is solved again, as in the authors' code.
 *
 * Source: Evci et al. 2020, {@link https://arxiv.org/abs/1911.11134}, section 3 (1); Mocanu et al. 2018 for ER.
 *
 * @param layers - Shapes of the prunable layers.
 * @param amount - Overall sparsity, in [0, 1), or the exact count of all layers together.
 * @param options - ERK or ER, and the power.
 * @throws {@link InvalidOptionError} if the amount or an option is out of range; {@link UnknownOptionError} if there is
 *   another option.
 *
 * @example ERK leaves small layers denser than large ones.
 * ```ts
 * import { solveErdosRenyi } from '@espalier/core';
 *
 * const layers = [
 *   { name: 'conv', shape: [3, 3, 64, 64], size: 36864 },
 *   { name: 'fc', shape: [64, 10], size: 640 },
 * ];
 * solveErdosRenyi(layers, 0.9, { kernel: true }).density; // Map { 'conv' => 0.084…, 'fc' => 1 }
 * ```
 */
export function solveErdosRenyi(
  layers: readonly LayerShape[],
  amount: Amount,
  options: ErdosRenyiOptions,
): ErdosRenyiSolution {
  requireLayers(layers);
  const count = overallCount(layers, amount);
  requireErdosRenyi(options);
  if (typeof amount !== 'number') return solve(layers, count, options);
  return solve(
    layers,
    layers.reduce((sum, { size }) => sum + size - Math.floor(amount * size), 0),
    options,
  );
}

/** Densities that keep `budget` entries in all. */
function solve(layers: readonly LayerShape[], budget: number, options: ErdosRenyiOptions): ErdosRenyiSolution {
  const raw = new Map(layers.map(layer => [layer.name, rawDensity(layer, options)]));
  const dense = new Set(layers.filter(({ size }) => size === 0).map(({ name }) => name));
  for (;;) {
    let rest = budget;
    let divisor = 0;
    let largest = 0;
    for (const { name, size } of layers) {
      if (dense.has(name)) rest -= size;
      else {
        divisor += raw.get(name)! * size;
        largest = Math.max(largest, raw.get(name)!);
      }
    }
    const epsilon = divisor === 0 ? 0 : rest / divisor;
    if (divisor === 0 || largest * epsilon <= 1) {
      const density = new Map(layers.map(({ name }) => [name, dense.has(name) ? 1 : epsilon * raw.get(name)!]));
      return { epsilon, dense, density };
    }
    for (const { name } of layers) if (raw.get(name) === largest) dense.add(name);
  }
}

function requireErdosRenyi(options: ErdosRenyiOptions): void {
  checkOptions<ErdosRenyiOptions>(options, {
    kernel: rules.boolean,
    power: rules.optional(rules.number({ above: 0 })),
  });
}

/**
 * An Erdős–Rényi distribution with options; {@link erdosRenyi} and {@link erdosRenyiKernel} are the usual two.
 *
 * Counts add up to exactly `max(1, round(total · (1 − sparsity)))`, or the exact count asked for. The layers that
 * {@link solveErdosRenyi} leaves dense keep every entry; the others share what is left of the overall count in
 * proportion to their densities, each share rounded down or up, largest remainders up first. No layer keeps less than
 * one entry, which in tiny models can take entries from the others, also from dense ones, and can exceed the overall
 * count of a sparsity; of an exact count that is less than the number of layers some layers keep nothing. Which layers
 * are dense is solved for the authors' count of a sparsity and for the exact count itself, so that a layer on the edge
 * may be dense under one of the two alone. The authors' code floors the masked entries of each layer instead, which can
 * miss the overall count by up to one entry a layer.
 *
 * @param options - ERK or ER, and the power.
 * @throws {@link InvalidOptionError} if `kernel` is not true or false, or `power` is not above 0;
 *   {@link UnknownOptionError} if there is another option.
 *
 * @example
 * ```ts
 * import { erdosRenyiOf } from '@espalier/core';
 *
 * const gentler = erdosRenyiOf({ kernel: true, power: 0.5 });
 * ```
 */
export function erdosRenyiOf(options: ErdosRenyiOptions): Distribution {
  requireErdosRenyi(options);
  const { kernel, power = 1 } = options;
  const name = `${kernel ? 'erdosRenyiKernel' : 'erdosRenyi'}${power === 1 ? '' : `^${power}`}`;
  return named(name, (layers, amount) => {
    requireLayers(layers);
    const filled = layers.filter(({ size }) => size > 0);
    const total = overallCount(filled, amount);
    const { dense } = solveErdosRenyi(filled, amount, options);
    const others = filled.filter(({ name }) => !dense.has(name));
    const rest = total - (sizeOf(filled) - sizeOf(others));
    const kept = new Map(layers.map(({ name, size }) => [name, size]));
    const least = typeof amount !== 'number' && total < filled.length ? 0 : 1;
    if (rest >= least * others.length) spread(others, rest, least, options, kept);
    else spread(filled, total, least, options, kept);
    return kept;
  });
}

/** Sets the counts of layers that keep `budget` entries in all, at least `least` each. */
function spread(
  layers: readonly LayerShape[],
  budget: number,
  least: 0 | 1,
  options: ErdosRenyiOptions,
  kept: Map<string, number>,
): void {
  const { density } = solve(layers, budget, options);
  const counts = apportion(
    layers.map(({ name, size }) => density.get(name)! * size),
    layers.map(({ size }) => size),
    budget,
    least,
  );
  for (const [i, { name }] of layers.entries()) kept.set(name, counts[i]!);
}

function sizeOf(layers: readonly LayerShape[]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/**
 * ER: density ∝ (inputs + outputs) / (inputs · outputs). See {@link erdosRenyiOf}.
 *
 * @example
 * ```ts
 * import { erdosRenyi } from '@espalier/core';
 *
 * erdosRenyi([{ name: 'w', shape: [10, 10], size: 100, scores: new Float32Array(100) }], 0.8); // Map { 'w' => 20 }
 * ```
 */
export const erdosRenyi: Distribution = erdosRenyiOf({ kernel: false });

/**
 * ERK: density ∝ (sum of kernel dimensions) / (product of kernel dimensions). See {@link erdosRenyiOf}.
 *
 * @example
 * ```ts
 * import { erdosRenyiKernel } from '@espalier/core';
 *
 * const layer = { name: 'w', shape: [3, 3, 8, 8], size: 576, scores: new Float32Array(576) };
 * erdosRenyiKernel([layer], 0.75); // Map { 'w' => 144 }
 * ```
 */
export const erdosRenyiKernel: Distribution = erdosRenyiOf({ kernel: true });
