import { keptCount, requireSparsity } from '../mask/count.js';
import type { LayerShape } from '../method/layer.js';
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
  readonly power?: number;
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
 * ε is solved so that the overall sparsity is met. While a layer would exceed density 1, all layers with the largest p
 * become dense and ε is solved again, as in the authors' code.
 *
 * Source: Evci et al. 2020, {@link https://arxiv.org/abs/1911.11134}, section 3 (1); Mocanu et al. 2018 for ER.
 *
 * @param layers - Shapes of the prunable layers.
 * @param sparsity - Overall sparsity, in [0, 1).
 * @param options - ERK or ER, and the power.
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
  sparsity: number,
  options: ErdosRenyiOptions,
): ErdosRenyiSolution {
  requireSparsity('sparsity', sparsity);
  const raw = new Map(layers.map(layer => [layer.name, rawDensity(layer, options)]));
  const dense = new Set<string>();
  for (;;) {
    let budget = 0;
    let divisor = 0;
    let largest = 0;
    for (const { name, size } of layers) {
      const masked = Math.floor(sparsity * size);
      if (dense.has(name)) {
        budget -= masked;
        continue;
      }
      budget += size - masked;
      divisor += raw.get(name)! * size;
      largest = Math.max(largest, raw.get(name)!);
    }
    const epsilon = divisor === 0 ? 0 : budget / divisor;
    if (divisor === 0 || largest * epsilon <= 1) {
      const density = new Map(layers.map(({ name }) => [name, dense.has(name) ? 1 : epsilon * raw.get(name)!]));
      return { epsilon, dense, density };
    }
    for (const { name } of layers) if (raw.get(name) === largest) dense.add(name);
  }
}

/**
 * An Erdős–Rényi distribution with options; {@link erdosRenyi} and {@link erdosRenyiKernel} are the usual two.
 *
 * Counts are rounded so that they add up to exactly `max(1, round(total · (1 − sparsity)))`, largest remainders first,
 * and no layer keeps less than one entry. The authors' code floors per layer instead, which can miss the overall count
 * by up to one entry a layer.
 *
 * @param options - ERK or ER, and the power.
 *
 * @example
 * ```ts
 * import { erdosRenyiOf } from '@espalier/core';
 *
 * const gentler = erdosRenyiOf({ kernel: true, power: 0.5 });
 * ```
 */
export function erdosRenyiOf(options: ErdosRenyiOptions): Distribution {
  const { kernel, power = 1 } = options;
  const name = `${kernel ? 'erdosRenyiKernel' : 'erdosRenyi'}${power === 1 ? '' : `^${power}`}`;
  return named(name, (layers, sparsity) => {
    const { density } = solveErdosRenyi(layers, sparsity, options);
    const sizes = layers.map(layer => layer.size);
    const total = keptCount(
      sizes.reduce((sum, size) => sum + size, 0),
      sparsity,
    );
    const shares = layers.map(({ name, size }) => density.get(name)! * size);
    const counts = apportion(shares, sizes, total, 1);
    return new Map(layers.map((layer, i) => [layer.name, counts[i]!]));
  });
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
 * erdosRenyiKernel([{ name: 'w', shape: [3, 3, 8, 8], size: 576, scores: new Float32Array(576) }], 0.75); // Map { 'w' => 144 }
 * ```
 */
export const erdosRenyiKernel: Distribution = erdosRenyiOf({ kernel: true });
