/**
 * Entries of a row-major tensor after its axes change places: axis `a` of the result is axis `order[a]` of `values`,
 * as in `tf.transpose` and `numpy.transpose`.
 */
export function transpose(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = order.map(axis => shape[axis]!);
  const steps = order.map(axis => strides[axis]!);
  const result = new Float32Array(values.length);
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const target = new Uint32Array(result.buffer);
  const place = sizes.map(() => 0);
  for (let at = 0, from = 0; at < target.length; at++) {
    target[at] = source[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      place[axis]!++;
      if (place[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}
