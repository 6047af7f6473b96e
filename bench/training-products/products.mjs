import { round } from '../inference/statistics.mjs';
import { multiplyAccumulates } from './layers.mjs';

/** The three products, in the order in which a training step has them. */
export const productNames = ['forward', 'inputGradient', 'filterGradient'];

/** An object with a value for each product. */
export function mapProducts(of) {
  return Object.fromEntries(productNames.map((name, index) => [name, of(name, index)]));
}

/** How many times faster each product and all of them together are, from milliseconds of both. */
export function ratiosOf(dense, sparse) {
  const total = times => productNames.reduce((sum, name) => sum + times[name], 0);
  return { ...mapProducts(name => round(dense[name] / sparse[name])), total: round(total(dense) / total(sparse)) };
}

/** Useful floating-point operations per second, in thousand millions: two for each active weight and place. */
export function gigaflopsOf(layer, { nonzeros }, milliseconds, batch) {
  const entries = layer.size * layer.size * layer.inputs * layer.outputs;
  const operations = (2 * multiplyAccumulates(layer, batch) * nonzeros) / entries;
  return mapProducts(name => round(operations / milliseconds[name] / 1e6, 1));
}
