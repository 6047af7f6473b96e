import type { TorchTensor } from '../src/index.js';

/** What `formula.py` calls `uniform`: doubles in [-1, 1) of a name and the index of the entry. */
export function uniform(name: string, size: number): Float64Array {
  let seed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let h = (i + seed) | 0;
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
    values[i] = (h >>> 8) / 2 ** 23 - 1;
  }
  return values;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/** What `golden/make.py` calls `fill`. */
export function fill(name: string, shape: readonly number[], gain: number): TorchTensor {
  const values = new Float32Array(sizeOf(shape));
  const unit = uniform(name, values.length);
  const bound = Math.sqrt((3 * gain) / sizeOf(shape.slice(1)));
  const center = name.endsWith('running_var') || name.endsWith('weight') ? 1 : 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = shape.length > 1 ? unit[i]! * bound : center + 0.2 * unit[i]!;
  }
  return { shape, values };
}
