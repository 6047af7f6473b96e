/** Entries in the order of the axes `perm`: axis `i` of the result is axis `perm[i]` of the values. */
export function permuted(values: Float32Array, shape: readonly number[], perm: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, side) => size * side, 1));
  const sides = Int32Array.from(perm, axis => shape[axis] ?? 1);
  const steps = Int32Array.from(perm, axis => strides[axis] ?? 1);
  const place = new Int32Array(perm.length);
  const result = new Float32Array(values.length);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from] ?? 0;
    for (let axis = perm.length - 1; axis >= 0; axis--) {
      const [side = 1, step = 1, at = 0] = [sides[axis], steps[axis], place[axis]];
      const next = at + 1;
      place[axis] = next === side ? 0 : next;
      from += next === side ? step * (1 - side) : step;
      if (next !== side) break;
    }
  }
  return result;
}
