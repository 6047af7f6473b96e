/** Numbers in [-1, 1) of a name and the index of the entry, as `packages/models/test/formula.py` draws them. */
export function uniform(name: string, size: number): Float64Array {
  let seed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  return Float64Array.from({ length: size }, (_, i) => {
    let hash = (i + seed) | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
    return (hash >>> 8) / 2 ** 23 - 1;
  });
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/** A tensor with PyTorch's name, as `packages/models/test/golden/make.py` fills it. */
export function fill(
  name: string,
  shape: readonly number[],
  gain: number,
): { readonly shape: readonly number[]; readonly values: Float32Array<ArrayBuffer> } {
  const unit = uniform(name, sizeOf(shape));
  const bound = Math.sqrt((3 * gain) / sizeOf(shape.slice(1)));
  const center = name.endsWith('running_var') || name.endsWith('weight') ? 1 : 0;
  const values = Float32Array.from(unit, value => (shape.length > 1 ? value * bound : center + 0.2 * value));
  return { shape, values };
}
