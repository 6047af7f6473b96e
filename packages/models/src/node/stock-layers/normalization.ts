import { TopologyWeightsError, UnsupportedLayerOptionError } from '@espalier/core';
import type { JsonObject } from '../layers-model/model-json.js';
import { eachOf, type LayerEntry, numbersOf, replaced } from './layer-entry.js';

/** Weights of a layer by their own names, or their places. */
export type WeightsOfLayer = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: ArrayLike<number> }
>;

/** Keras divides by no less. */
const least = 1e-7;

/** `(x − mean) / max(√variance, 1e-7)`, or its inverse, as `scale · x + offset`. */
export function normalization(layer: LayerEntry, weights: WeightsOfLayer): JsonObject {
  const { name, className, config } = layer;
  const [mean, variance] = (['mean', 'variance'] as const).map((part, place) => {
    const said = config[part] ?? undefined;
    const stored = weights.get(part) ?? weights.get(`${place}`);
    if (said === undefined && !stored) throw new TopologyWeightsError(`There are no values for "${name}/${part}".`);
    const numbers = numbersOf(said ?? [...Array.from(stored?.values ?? [])]);
    if (numbers !== undefined && (said !== undefined || (stored?.shape.filter(side => side !== 1).length ?? 0) <= 1))
      return numbers;
    throw new UnsupportedLayerOptionError(name, className, part, `a ${part} over several axes; supported: one axis`);
  }) as [number | readonly number[], number | readonly number[]];
  const deviation = eachOf(variance, value => Math.max(Math.sqrt(value), least));
  const inverted = config.invert === true;
  const scale = inverted ? deviation : eachOf(deviation, value => 1 / value);
  const offset = inverted ? mean : product(mean, scale);
  return replaced(layer, 'Rescaling', { scale, offset });
}

/** `−mean · scale`, of numbers for all channels or for each. */
function product(mean: number | readonly number[], scale: number | readonly number[]): number | readonly number[] {
  if (typeof mean === 'number') return eachOf(scale, value => -mean * value);
  return mean.map((value, i) => -value * (typeof scale === 'number' ? scale : (scale[i] ?? Number.NaN)));
}

/** The axis along which the statistics vary, if the entry does not show that it is the last one. */
export function axisToCheck(layer: LayerEntry): number | undefined {
  const { axis = -1 } = layer.config;
  const [first = null, ...others] = Array.isArray(axis) ? (axis as unknown[]) : [axis];
  if (others.length === 0 && (first === null || first === -1)) return undefined;
  if (others.length === 0 && Number.isSafeInteger(first) && (first as number) > 0) return first as number;
  return refuseAxis(layer, axis);
}

/** Refuses statistics along another axis than the last one. */
export function refuseAxis({ name, className }: Pick<LayerEntry, 'name' | 'className'>, axis: unknown): never {
  const reason = `axis ${JSON.stringify(axis)}; supported: none, or the last one`;
  throw new UnsupportedLayerOptionError(name, className, 'axis', reason);
}
